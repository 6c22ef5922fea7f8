personal-area-title = Area personale
personal-area-lead = Qui trovi quello che hai salvato e quello che resta da fare.
