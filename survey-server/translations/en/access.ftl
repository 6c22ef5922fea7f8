access-title = Sign in
