form-errors-heading = C'è qualcosa da sistemare
questionnaire-progress = Pagina { $place } di { $sections }
questionnaire-save = Salva e continua
questionnaire-back = Indietro
questionnaire-saved-note = A ogni passo salviamo quello che hai scritto. Puoi uscire e riprendere quando vuoi.
questionnaire-missing = Manca la risposta. Scegline una per andare avanti.
questionnaire-missing-number = Manca la risposta. Scrivi un numero per andare avanti.
questionnaire-not-a-number = Scrivi un numero intero, per esempio 40.
questionnaire-out-of-range = Scrivi un numero da { $min } a { $max }.
questionnaire-exclusive = Hai scelto «nessuno» insieme ad altre risposte. Togli l'una o le altre.
questionnaire-unknown-option = Questa risposta non è tra quelle possibili. Scegline una dall'elenco.
questionnaire-review = Rileggi le tue risposte. Dopo la consegna non si possono più cambiare.
questionnaire-incomplete = Manca ancora qualche risposta. Quelle che hai dato sono salvate.
questionnaire-no-answer = Manca
questionnaire-change = Modifica: { $section }
questionnaire-submit = Consegna le risposte
questionnaire-receipt = Hai consegnato queste risposte { $date }. Grazie.
questionnaire-missing-text = Manca la risposta. Scrivi qualche parola per andare avanti.
questionnaire-missing-time = Manca l'ora. Scrivila così: 08:30.
questionnaire-missing-end = Hai scritto quando cominci: scrivi anche quando finisci.
questionnaire-no-beginning = Hai scritto quando finisci: scrivi anche quando cominci, o togli questa ora.
questionnaire-empty-spell = Inizio e fine sono la stessa ora. Cambiane una, o togli tutte e due.
questionnaire-not-a-time = Scrivi un'ora da 00:00 a 23:59, per esempio 08:30.
questionnaire-too-long = È troppo lungo: al massimo { $max } caratteri.
questionnaire-control-character = C'è un carattere che non possiamo salvare. Riscrivi la risposta.
questionnaire-changed = { $n ->
    [0] Nel frattempo abbiamo aggiornato questo questionario. Le tue risposte ci sono ancora: guarda se ci sono domande nuove.
    [one] Nel frattempo abbiamo aggiornato questo questionario. Una tua risposta non va più bene e te la chiediamo di nuovo; le altre ci sono ancora.
   *[other] Nel frattempo abbiamo aggiornato questo questionario. { $n } tue risposte non vanno più bene e te le chiediamo di nuovo; le altre ci sono ancora.
}
questionnaire-title-of-day = { $title }: { $day }
questionnaire-about-weekday = giorno feriale
questionnaire-about-weekend = sabato o domenica
questionnaire-preview = Anteprima: niente di quello che scrivi viene salvato
