household-title = Chi vive con te
household-lead = Se anche altri di casa partecipano, unitevi: sceglierete gli stessi giorni e si vedrà come vi dividete il tempo.
household-privacy = Gli altri vedono quali giorni racconti, non che cosa racconti né le tue risposte.
household-yours = La tua famiglia
household-members = { $n ->
    [one] Per ora ci sei solo tu.
   *[other] Siete in { $n }, te compreso.
}
household-days = Gli altri raccontano questi giorni. Se puoi, scegli gli stessi:
household-choose-days = Scegli il giorno
household-invite = Invita chi vive con te
household-invite-text = Crea un codice e dillo a una persona di casa. Vale una volta sola, per 48 ore. Per ogni persona serve un codice nuovo.
household-make-code = Crea un codice
household-code-made = Ecco il codice. Lo vedi solo adesso: scrivilo o leggilo subito.
household-code-note = Chi lo riceve entra con la sua carta o identità digitale, apre questa pagina e lo scrive.
household-join = Hai ricevuto un codice?
household-code-label = Codice
household-code-help = Otto lettere e numeri, per esempio K7QF-3MXD.
household-join-action = Unisciti
household-joined = Fatto: ora fai parte della famiglia che ti ha invitato.
household-wrong-code = Questo codice non va bene: forse è scaduto, è già stato usato o c'è un errore di battitura. Fattene dare un altro.
household-leave = Lascia la famiglia
household-leave-text = I tuoi giorni e le tue risposte restano tuoi; non saranno più uniti a quelli degli altri.
household-leave-action = Lascia la famiglia
household-back = Torna alla tua area personale
household-link = Unisci chi vive con te
household-data-title = Con chi vivi
household-day-of-others = lo racconta anche chi vive con te
