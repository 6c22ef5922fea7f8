access-title = Accedi
