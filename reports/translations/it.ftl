# I testi dei risultati pubblicati: grafici, tabelle, pagine.

## Numeri
hours = { $n ->
    [one] { $n } ora
   *[other] { $n } ore
}
minutes = { $n ->
    [one] { $n } minuto
   *[other] { $n } minuti
}
hours-and-minutes = { $hours } e { $minutes }
under-one-minute-in-words = meno di 1 minuto
margin = più o meno { $margin }
margin-under-one-minute = con un margine sotto 1 minuto
point = { $n } punto
points = { $n } punti
under-a-tenth-of-a-point = meno di 0,1 punti
margin-under-a-tenth = con un margine sotto 0,1 punti
share-with-margin = { $share } (±{ $margin })
to-activity = a { $activity }
at-time = alle { $time }
age-between = { $low }–{ $high } anni
age-from = { $low } anni e più
at-age-between = fra { $low } e { $high } anni
at-age-from = da { $low } anni in su
both-sexes = donne e uomini: { $words }
women-and-men = donne { $women } · uomini { $men }
weekdays = Giorni feriali
saturdays = Sabato
sundays = Domenica
on-weekdays = nei giorni feriali
on-saturdays = il sabato
on-sundays = la domenica
weekdays-by-name = Lunedì Martedì Mercoledì Giovedì Venerdì Sabato Domenica
under-one-minute = meno di 1 min
months = gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
from-to = da { $low } a { $high }

## Riservatezza e affidabilità
suppressed = non pubblicato: troppo incerto
withheld = oscurato per riservatezza
flag-a = buona (A)
flag-e = stima poco affidabile (E)
flag-suppressed = insufficiente
flag-e-note = (E) = stima poco affidabile: usare con cautela.
flag-e-note-table = Alcune percentuali sono stime poco affidabili: nella tabella sono segnate (E).

## Parole attorno ai grafici
synthetic = Dati sintetici: città immaginaria
women-of = { $population }, solo donne
men-of = { $population }, solo uomini
population-and-persons = Popolazione: { $population }. Persone intervistate: { $persons }.
source = Fonte: { $survey }, { $publisher }, edizione { $number } del { $date }.
everybody = Tutti
everybody-with-time = Tutti: { $minutes }
women = Donne
men = Uomini
shortened = Solo alcune righe: il grafico intero e i numeri sono nella pubblicazione.
women-more = Più tempo le donne
men-more = Più tempo gli uomini

## Colonne
column-age = Età
column-age-and-activity = Età e attività
column-wave = Rilevazione
column-question = Domanda
column-answer = Risposta
column-share = Percentuale
column-activity = Attività
column-group = Gruppo
column-hour = Ora
column-time = Tempo al giorno
column-women = Donne
column-men = Uomini
column-gap = Donne meno uomini
column-interval = Intervallo di confidenza al 95%
column-persons = Persone (n)
column-reliability = Affidabilità

## Attività
activities-title = Quanto tempo prende ogni attività
activities-link = Attività
activities-lead = Il tempo che le persone dedicano in media, ogni giorno, a ciascuna attività principale.
activities-headline = In un giorno medio: { $activities }
activities-hidden = Tempo per attività: nessun dato pubblicabile
activities-subtitle = Durata media generica dell’attività principale, ore e minuti al giorno, giorno medio della settimana. La linea è l’intervallo di confidenza al 95%.
activities-alternative = Grafico a barre. { $headline }. Gli stessi numeri sono nella tabella.
activities-table = Tempo dedicato a ogni attività nel giorno medio

## Donne e uomini
gap-title = Donne e uomini
gap-link = Donne e uomini
gap-lead = La differenza tra il tempo delle donne e quello degli uomini, attività per attività.
gap-headline-women = Le donne dedicano { $minutes } in più al giorno { $activity }, { $margin }
gap-headline-men = Gli uomini dedicano { $minutes } in più al giorno { $activity }, { $margin }
gap-headline-women-plain = { $activity }: le donne { $minutes } al giorno più degli uomini, { $margin }
gap-headline-men-plain = { $activity }: gli uomini { $minutes } al giorno più delle donne, { $margin }
gap-headline-none = Nessuna differenza certa tra il tempo delle donne e quello degli uomini
gap-hidden = Donne e uomini: nessun dato pubblicabile
gap-subtitle = Durata media generica delle donne meno quella degli uomini, ore e minuti al giorno, giorno medio. In grigio le differenze che il campione non distingue da zero (intervallo al 95%).
gap-alternative = Grafico delle differenze tra donne e uomini. { $headline }. Gli stessi numeri sono nella tabella.
gap-table = Tempo delle donne, degli uomini e differenza nel giorno medio

## Ore del giorno
day-title = Le ore del giorno
day-link = Ore del giorno
day-lead = Che cosa fanno donne e uomini a ogni ora: la città si muove, lavora e riposa con ritmi che gli orari possono aiutare o ostacolare.
day-headline = { $who }, le punte del giorno: { $peaks }
day-hidden = { $who }, le ore del giorno: nessun dato pubblicabile
day-subtitle = Distribuzione delle attività nelle ore del giorno: percentuale di persone in ogni attività principale, ogni dieci minuti dalle 4 del mattino, giorno medio.
day-alternative = Grafico ad aree sulle 24 ore. { $headline }. Gli stessi numeri sono nella tabella.
day-description = Percentuale più alta e ora in cui si raggiunge: { $peaks }.
day-table = { $who }: percentuale di persone in ogni attività, ogni dieci minuti
peak = { $activity } { $share } (ore{ "\u00A0" }{ $time })
band-free-time = Tempo libero e vita sociale
band-other = Altre attività

## Gruppi
groups-title = Gruppi di riferimento
groups-link = Gruppi
groups-lead = Lavoratori, pendolari, genitori, chi assiste: lo stesso giorno pesa in modo diverso. Ecco le attività in cui i gruppi si distinguono di più.
groups-headline = { $activity }: da { $least-minutes } ({ $least }) a { $most-minutes } ({ $most })
groups-headline-none = { $activity }: nessuna differenza certa tra i gruppi
groups-hidden = { $activity }: dati insufficienti per confrontare i gruppi
groups-subtitle = Durata media generica, ore e minuti al giorno, giorno medio. Il punto è la stima, la linea l’intervallo di confidenza al 95%. Una persona può stare in più gruppi.
zones-subtitle = Durata media generica nelle zone della città, ore e minuti al giorno, giorno medio. Il punto è la stima, la linea l’intervallo di confidenza al 95%.
groups-alternative = Grafico a punti con intervalli. { $headline }. Gli stessi numeri sono nella tabella.
groups-table = { $activity }: tempo dedicato da ogni gruppo nel giorno medio

## La giornata in 24 ore
balance-headline = { $activity }: { $women } le donne, { $men } gli uomini; la differenza è { $gap }, { $margin }
balance-headline-none = La giornata di donne e uomini: nessuna differenza certa in nessuna attività
balance-hidden = La giornata di donne e uomini: nessun dato pubblicabile
balance-subtitle = Le 24 ore del giorno medio divise tra le attività principali: durata media generica, ore e minuti. La barra dice quanto, non quando.
balance-alternative = Barre delle 24 ore, una per le donne e una per gli uomini. { $headline }. Gli stessi numeri sono nella tabella.
balance-table = Le 24 ore del giorno medio di donne e uomini
rest-hidden = Il resto non è pubblicato

## Ritmo di un’attività
rhythm-headline-women = { $activity }: { $time } le donne superano gli uomini di { $points }, { $margin }
rhythm-headline-men = { $activity }: { $time } gli uomini superano le donne di { $points }, { $margin }
rhythm-headline-none = { $activity }: a nessuna ora una differenza certa tra donne e uomini
rhythm-headline-plain = { $activity }: le ore di donne e uomini
rhythm-hidden = { $activity }, le ore del giorno: nessun dato pubblicabile
rhythm-subtitle = Percentuale di donne e di uomini in “{ $activity }” ogni dieci minuti, giorno medio. La fascia attorno alla linea contiene l’intera curva con probabilità 95%; in grigio le differenze che il campione non distingue da zero.
rhythm-alternative = Linee sulle 24 ore con fasce di confidenza. { $headline }. Gli stessi numeri sono nella tabella.
rhythm-table = { $activity }: percentuale di donne e di uomini ogni dieci minuti, con il margine della curva
rhythm-difference = Donne meno uomini, punti percentuali

## Settimana
week-headline = { $activity }: { $time } { $day } { $share } delle persone, { $margin }, il valore più alto della settimana
week-hidden = { $activity }, giorni e ore: nessun dato pubblicabile
week-peak = massimo { $share } { $time }
week-subtitle = Percentuale di persone in “{ $activity }” ogni dieci minuti dalle 4 del mattino, per tipo di giorno. Più scuro, più persone.
week-alternative = Mappa delle ore per tipo di giorno. { $headline }. Gli stessi numeri sono nella tabella.
week-table = { $activity }: percentuale di persone ogni dieci minuti, per tipo di giorno

## Età
ages-headline-women = { $age }, { $activity }: le donne { $minutes } al giorno più degli uomini, { $margin }
ages-headline-men = { $age }, { $activity }: gli uomini { $minutes } al giorno più delle donne, { $margin }
ages-headline-none = Donne e uomini: a nessuna età una differenza certa
ages-hidden = Donne e uomini per età: nessun dato pubblicabile
ages-subtitle = Durata media generica delle attività in cui donne e uomini differiscono di più, per classe di età, giorno medio. Il segno è la stima, la linea l’intervallo di confidenza al 95%; tutti i riquadri hanno la stessa scala.
ages-alternative = Un riquadro per ogni classe di età, donne e uomini a confronto. { $headline }. Gli stessi numeri sono nella tabella.
ages-table = Tempo di donne e uomini per classe di età nel giorno medio
pyramid-headline = { $activity }, { $age }: in un giorno partecipano { $women } delle donne e { $men } degli uomini
pyramid-headline-none = { $activity }: a nessuna età una differenza certa di partecipazione tra donne e uomini
pyramid-hidden = { $activity }, partecipazione per età: nessun dato pubblicabile
pyramid-subtitle = Frequenza di partecipazione a “{ $activity }”: percentuale di donne e di uomini che la svolgono almeno una volta nel giorno medio, per classe di età. La linea è l’intervallo di confidenza al 95%.
pyramid-alternative = Piramide per età: donne a sinistra, uomini a destra. { $headline }. Gli stessi numeri sono nella tabella.
pyramid-table = { $activity }: percentuale di donne e di uomini che partecipano, per classe di età

## Rilevazioni a confronto
trend-headline = { $activity }, { $who }: { $first } nel { $from }, { $last } nel { $to }
trend-headline-none = { $activity }: nessun cambiamento certo tra { $from } e { $to }
trend-hidden = { $activity }: dati insufficienti per confrontare le rilevazioni
trend-subtitle = Durata media generica di “{ $activity }”, ore e minuti al giorno, giorno medio, nelle diverse rilevazioni. La linea verticale è l’intervallo di confidenza al 95%.
trend-alternative = Linee da una rilevazione all’altra. { $headline }. Gli stessi numeri sono nella tabella.
trend-table = { $activity }: tempo di donne e uomini in ogni rilevazione

## Risposte ai questionari
needs-title = Bisogni e risposte
needs-link = Bisogni
needs-lead = Quali servizi si usano, quando i loro orari si scontrano con quelli di chi vive la città, che cosa si vorrebbe: le risposte ai questionari.
needs-headline = «{ $question }» { $answer }: { $share } di chi ha risposto, { $margin }
needs-scale-subtitle = «{ $question }» Percentuale di chi ha risposto, dalla prima risposta a sinistra all’ultima a destra; la tacca è il punto di mezzo.
needs-single-subtitle = Percentuale di chi ha dato ogni risposta, tra chi ha risposto alla domanda. La linea è l’intervallo di confidenza al 95%.
needs-minutes-headline = «{ $question }» { $about }: in media { $minutes }, { $margin }
needs-minutes-subtitle = Media dei minuti indicati da chi ha risposto. La linea è l’intervallo di confidenza al 95%.
needs-asked-of = { $population }, chi ha risposto alla domanda
needs-flag-e = Alcune risposte vanno usate con cautela: i dati da scaricare dicono quali (E).
needs-on-weekday = { $question } (un giorno feriale)
needs-on-weekend = { $question } (un giorno del fine settimana)
column-about = Di che cosa
scale-headline-favour = «{ $question }» Risponde di sì { $share } delle persone, { $margin }
scale-headline-against = «{ $question }» Risponde di no { $share } delle persone, { $margin }
scale-headline-none = Su nessuna domanda prevale con certezza una parte
answers-hidden = Risposte: nessun dato pubblicabile
scale-subtitle = Percentuale di persone per risposta, dal no a sinistra al sì a destra; la tacca è il punto di mezzo.
scale-alternative = Barre divise attorno al punto di mezzo. { $headline }. Gli stessi numeri sono nella tabella.
scale-table = Risposte a ogni domanda
choices-headline = «{ $question }» { $answer }: { $share } delle persone, { $margin }
choices-subtitle = Percentuale di persone che hanno scelto ogni risposta; si poteva sceglierne più di una. La linea è l’intervallo di confidenza al 95%.
choices-alternative = Grafico a barre delle risposte. { $headline }. Gli stessi numeri sono nella tabella.

## Orari
opening-headline-open = { $service }, { $hours } alla settimana: aperto { $day } { $time }, quando è libero { $share } delle persone, il massimo della settimana
opening-headline-closed = { $service }, { $hours } alla settimana: chiuso { $day } { $time }, quando è libero { $share } delle persone, il massimo della settimana
opening-hidden = { $service }: nessun dato pubblicabile sulle persone libere
opening-subtitle = Percentuale di persone in attività di casa, di cura o di tempo libero, ogni dieci minuti dalle 4 del mattino: chi può andare allo sportello. Scuro mentre è aperto, chiaro mentre è chiuso.
opening-alternative = Calendario della settimana con gli orari di apertura e le persone libere. { $headline }. Gli stessi numeri sono nella tabella.
opening-table = { $service }: percentuale di persone libere ogni dieci minuti
free-while-open = Persone libere, aperto
free-while-closed = Persone libere, chiuso
share-while-open = { $share } (aperto)
day-closed = chiuso

## Pagine
site-title = I tempi della città
home-title = Come la città usa il suo tempo
home-lead = I risultati dell’indagine sull’uso del tempo: che cosa fanno le persone, quando, e per chi il giorno pesa di più.
synthetic-explained = Le persone e le giornate di queste pagine sono inventate: servono a mostrare come funziona Tempi.
skip-to-content = Vai al contenuto
languages = Lingue
sections = Sezioni
language-name = Italiano
home-link = Risultati
edition = Edizione { $number } · { $date }
findings = Che cosa abbiamo trovato
at-a-glance = In un colpo d’occhio
no-figures = In questa edizione nessun dato si può pubblicare come grafico. I numeri disponibili sono nella pagina dei dati.
numbers-and-table = Tutti i numeri di questo grafico, in tabella
same-numbers = Gli stessi numeri in tabella
download-csv = Scarica i dati (CSV)
download-png = Scarica l’immagine (PNG)
download-share = Scarica l’immagine da condividere (PNG)
download-svg = Scarica il disegno (SVG)
how-to-read = Come leggere questi numeri
read-method = Leggi il metodo
fact-persons = Persone intervistate
fact-diaries = Giornate raccontate
fact-population = Popolazione

## Segni
note-minutes = Durata media generica: la media, su tutte le persone e su tutti i giorni della settimana, dei minuti dedicati all’attività principale; chi non svolge l’attività conta zero. L’intervallo di confidenza al 95% dice quanto il campione lascia incerto il numero.
note-gap = La differenza è il tempo medio delle donne meno quello degli uomini. Quando l’intervallo di confidenza al 95% comprende lo zero, il campione non permette di dire chi dedica più tempo.
note-day = Ogni fascia è la percentuale di persone che svolge quell’attività in quei dieci minuti; in ogni istante le fasce sommano a 100. Dove il grafico riunisce più attività, la tabella le mostra una per una.
note-needs = Le percentuali sono di chi ha risposto a ogni domanda: chi non l’ha ricevuta, perché non lo riguarda, o l’ha lasciata in bianco non è contato. Ogni persona conta una volta, con il peso che ha nell’indagine.
note-groups = I gruppi si sovrappongono: un genitore può anche essere pendolare. Due gruppi sono detti diversi solo quando i loro intervalli di confidenza al 95% non si toccano.
flags-title = Affidabilità e riservatezza
flag-a-name = A, buona
flag-a-meaning = Almeno 150 persone e un errore relativo (coefficiente di variazione) fino al 25%.
flag-e-name = E, stima poco affidabile
flag-e-meaning = Usare con cautela: meno persone o un errore più grande che nelle stime A.
flag-suppressed-name = Non pubblicato: troppo incerto
flag-suppressed-meaning = Meno di 75 persone o un coefficiente di variazione oltre il 50%: il numero direbbe troppo poco.
withheld-name = Oscurato per riservatezza
withheld-meaning = Meno di { $threshold } persone: il numero potrebbe far riconoscere qualcuno, come vuole evitare il segreto statistico (D.Lgs. 322/1989).

## Metodo
method-title = Metodo
method-lead = Come nascono questi numeri e quanto valgono.
method-diary-title = Il diario
method-diary = Le persone raccontano una giornata intera dalle 4 del mattino alle 4 del giorno dopo, in intervalli di dieci minuti, secondo le linee guida europee HETUS 2018. Qui si conta l’attività principale.
method-import-title = La fonte
method-import = I dati vengono da un’altra indagine, con la sua classificazione delle attività. Dove la fonte non dice a che ora si svolgono le attività, mancano i grafici per ore del giorno.
method-weights-title = I pesi
method-weights-file = Ogni persona conta secondo il peso assegnato dall’indagine.
method-weights-post-stratified = Ogni persona conta tante volte quante servono perché il campione abbia, per sesso ed età, la stessa composizione della popolazione anagrafica.
method-average-title = Il giorno medio
method-average = Il giorno medio è composto di cinque giorni feriali, un sabato e una domenica.
method-intervals-title = Gli intervalli di confidenza
method-intervals = L’errore di campionamento è stimato per linearizzazione di Taylor, tenendo conto dei pesi e del fatto che le persone della stessa famiglia si somigliano; gli intervalli sono al 95%, con la t di Student.
method-exceptions-title = Due regole particolari
method-exceptions = Una percentuale nelle ore del giorno è parte di un intero che deve restare completo: non è pubblicata con meno di 75 persone o con un intervallo più largo di 30 punti, ed è A con almeno 150 persone e un intervallo fino a 10 punti. Una differenza tra donne e uomini prende il segno peggiore dei suoi due lati.
this-edition = Questa edizione
fact-survey = Indagine
fact-rejected = Giornate escluse per qualità insufficiente
fact-classification = Classificazione delle attività
fact-as-of = Dati aggiornati a
fact-version = Versione di Tempi
fact-input = Impronta dei dati di partenza (SHA-256)

## Dati
data-title = Dati
data-lead = Tutti i numeri di questa edizione, da scaricare e riusare.
columns-title = Le colonne
columns-note = I file CSV sono in UTF-8, separati da virgole, con il punto come segno decimale. I file dei grafici hanno le stesse colonne, più i nomi dell’attività in italiano e in inglese.
columns-table = Colonne di estimates.csv
column-name = Colonna
column-meaning = Significato
data-indicator = Misura, come time_spent (durata media generica), participation_rate (frequenza di partecipazione), participation_time (durata media specifica), share_at_slot (percentuale in dieci minuti), time_gap (donne meno uomini); il foglio Codici dei file XLSX le elenca tutte.
data-unit = Unità, come minutes_per_day (minuti al giorno) o percent (percentuale); il foglio Codici le elenca tutte.
data-timeline = Piano del diario: main (attività principale), any (principale o secondaria), with_whom (con chi), location (luogo), device (computer o telefono), derived (misure derivate), shared (tempo in comune).
data-activity = Codice dell’attività nella classificazione.
data-level = Livello del codice; 1 è il più generale.
data-sex = all (tutti), F (donne), M (uomini).
data-age-group = all (tutte le età) o la classe di età in anni.
data-target-group = all (tutti) o il gruppo di riferimento.
data-day = average (giorno medio), weekday (feriale), saturday (sabato), sunday (domenica).
data-slot = Per share_at_slot, i dieci minuti del giorno: 0 comincia alle 04:00, 143 alle 03:50. Altrimenti vuoto.
data-value = Il numero; vuoto quando non è pubblicato.
data-standard-error = Errore standard, nell’unità del numero.
data-ci-low = Estremo inferiore dell’intervallo di confidenza al 95%.
data-ci-high = Estremo superiore dell’intervallo di confidenza al 95%.
data-degrees-of-freedom = Gradi di libertà della stima.
data-n = Persone intervistate su cui si fonda il numero, non pesate.
data-fate = Che cosa ne è del numero: changed, cambiato; new, prima non c’era; gone, non c’è più; shown, era nascosto; hidden, ora è nascosto.
data-before = Il numero dell’edizione precedente; vuoto quando non era pubblicato.
data-after = Il numero di questa edizione; vuoto quando non è pubblicato.
data-difference = Dopo meno prima; vuoto quando ne manca uno.
data-flag = Affidabilità: A, E o suppressed (non pubblicato: troppo incerto).
data-status = Riservatezza: published (pubblicato), withheld (oscurato) o withheld_secondary (oscurato perché da questo numero si ricaverebbe un numero oscurato).

## Edizione
edition-title = Questa edizione
edition-link = Edizione
edition-lead = Chi la pubblica, che cosa corregge, che cosa è cambiato dalla precedente e dove trovare le altre.
edition-number = Numero
edition-date = Pubblicata
edition-date-hour = { $date }, ore { $hour }
edition-publisher = Ente
edition-author = A cura di
edition-contact = Per domande ed errori
edition-previous = Edizione precedente
licence = Licenza
correction-title = È una correzione
correction-what = Che cosa era sbagliato
correction-why = Perché
corrections-title = Come si correggono gli errori
corrections-usual = Un’edizione pubblicata non cambia più. Gli errori si correggono con una nuova edizione, che dice che cosa è cambiato e perché; le edizioni precedenti restano leggibili al loro indirizzo.
comparison-title = Che cosa è cambiato
comparison-summary = Rispetto all’edizione precedente: { $changed } numeri diversi, { $same } uguali, { $new } nuovi, { $gone } non più presenti, { $shown } prima non mostrati e ora sì, { $hidden } prima mostrati e ora no.
comparison-largest = Le differenze maggiori, rispetto all’errore standard
comparison-number = Numero
comparison-before = Prima
comparison-after = Ora
comparison-file = Tutte le differenze (CSV)
earlier-title = Edizioni precedenti
earlier-none = È la prima edizione.
follow-title = Per sapere quando esce la prossima
feed-link = Notizie sulle edizioni (Atom)
feed-title = Risultati sull’uso del tempo, { $publisher }
feed-edition = Edizione { $number }
feed-correction = Edizione { $number } (correzione)
calendar-link = Calendario delle uscite (iCalendar)
seal-title = Come verificare i file
seal-text = Il manifesto elenca ogni file con la sua impronta SHA-256. Chi ha una copia dell’edizione la verifica con il comando tempi verify-edition.
seal-previous = Impronta del manifesto dell’edizione precedente:
seal-link = Manifesto dell’edizione (JSON)
day-weekday = giorni feriali
day-saturday = sabato
day-sunday = domenica
measure-time-spent = Durata media generica
measure-participation-rate = Frequenza di partecipazione
measure-participation-time = Durata media specifica
measure-share-at-slot = Percentuale a quest’ora
measure-time-gap = Donne meno uomini
measure-share-of-day = Quota della giornata
measure-share-gap-at-slot = Donne meno uomini a quest’ora
measure-relative-gap = Differenza relativa
measure-asymmetry = Quota delle donne
measure-standardised-gap = Donne meno uomini a parità di età
measure-standardised-relative-gap = Differenza relativa a parità di età
measure-standardised-asymmetry = Quota delle donne a parità di età
measure-episodes-per-day = Episodi al giorno
measure-episode-length = Durata di un episodio
measure-first-start = Primo inizio
measure-last-end = Ultima fine
measure-time-poverty = Povertà di tempo
measure-shared-time = Tempo condiviso
measure-value-per-day = Valore al giorno
measure-value-per-year = Valore all’anno

## Temi
themes-title = Temi
themes-link = Temi
themes-lead = Lavoro, cura, tempo libero, spostamenti, tempo per sé: quello di cui parla un piano degli orari, tema per tema.
themes-pages = I temi
other-themes = Altri temi
theme-paid-work-title = Lavoro retribuito
theme-paid-work-lead = Chi lavora, quanto e a che ora: gli orari di uffici, scuole e trasporti cominciano da qui.
theme-care-title = Cura della casa e della famiglia
theme-care-lead = Cucinare, pulire, accudire: il lavoro che nessuno paga, e come si divide.
theme-free-time-title = Tempo libero
theme-free-time-lead = Vita sociale, sport, volontariato, svago e mezzi di comunicazione: quanto ne resta, a chi e quando.
theme-mobility-title = Spostamenti
theme-mobility-lead = Quanto tempo si passa per strada, chi si sposta di più e a che ora la città si muove.
theme-oneself-title = Tempo per sé
theme-oneself-lead = Sonno, pasti e cura della persona: il tempo che ognuno tiene per sé.
theme-numbers = Quanto tempo, quante persone e quanto chi lo fa, nel giorno medio

## Pagine dei gruppi
groups-pages = Un gruppo alla volta
groups-compared = Questo gruppo accanto agli altri
other-groups = Altri gruppi
group-lead = La giornata di questo gruppo ({ $group }) accanto a quella di tutti.
group-of = { $population }, { $group }
about-group = { $group }: { $sentence }
portrait-headline = { $group }: { $activity } { $minutes }, fra tutti { $everybody }
portrait-headline-none = { $group }: nessuna differenza certa dalla giornata di tutti
portrait-subtitle = Le 24 ore del giorno medio divise tra le attività principali: durata media generica, ore e minuti, del gruppo e di tutti. La barra dice quanto, non quando.
portrait-alternative = Barre delle 24 ore, una per il gruppo e una per tutti. { $headline }. Gli stessi numeri sono nella tabella.
portrait-table = { $group } e tutti: le 24 ore del giorno medio
portrait-numbers = { $group }: le attività con il tempo più lontano da quello di tutti, fra quelle di cui gli intervalli di confidenza non si toccano
note-portrait = Il gruppo fa parte di tutti. Il suo tempo è detto diverso solo quando gli intervalli di confidenza al 95% non si toccano: di un gruppo piccolo può non essere certo quasi nulla.

## Pagina di un grafico
chart-page-link = Pagina del grafico: tabella, dati, come citarlo
how-to-cite = Come citare
chart-citation = { $publisher }, «{ $headline }», { $survey }, edizione { $number } del { $date }, grafico { $name }.
bibliography-entry = Voce bibliografica (BibTeX)
bibliography-note = { $survey }, edizione { $number }, grafico { $name }
go-on = Continua
chart-before = Grafico precedente:
chart-after = Grafico seguente:
chart-stands-in = È nella pagina
note-shares = Ogni percentuale è la parte delle persone che svolge l’attività. L’intervallo, o la fascia attorno a una linea, dice quanto il campione lascia incerto il numero; dove donne e uomini si sovrappongono, il campione non permette di dire che differiscono.
table-sort = Ordina per
table-filter = Cerca nella tabella
table-shown = Righe mostrate: { "{n}" } di { "{total}" }
no-findings = Nessun risultato di questa edizione è abbastanza certo da stare qui. I grafici sono nelle pagine dei temi.

## Esplora
explorer-title = Esplora le tabelle
explorer-link = Esplora
explorer-lead = Scegli che cosa si misura, di chi e in quale giorno: ecco i numeri pubblicati, con il loro margine di errore.
explorer-without-script = Qui si sceglie una tabella se nel browser sono attivi gli script. Senza, le stesse tabelle si scaricano da qui sotto, e le più richieste sono già nelle pagine di temi e gruppi.
explorer-tables = Le stesse tabelle, da scaricare
explorer-tables-lead = Ogni misura in formato JSON-stat, con tutte le cifre. Gli altri formati sono nella pagina
explorer-detail = Dettaglio
explorer-detail-1 = Attività in generale
explorer-detail-2 = Attività in dettaglio
explorer-detail-3 = Attività in ogni dettaglio
explorer-value = Valore
explorer-from-to = da { "{low}" } a { "{high}" }
explorer-none = Per questa scelta l’edizione non ha numeri. Prova un altro gruppo, giorno o sesso.
explorer-rows = { "{n}" } numeri, { "{hidden}" } non mostrati.
explorer-hidden = Perché alcuni numeri non ci sono
explorer-failed = La tabella non arriva. Ricarica la pagina, o scarica le tabelle qui sotto.
explorer-loading = La tabella arriva…
explorer-link-note = L’indirizzo di questa pagina conserva la scelta: si può mandare o salvare.
explorer-secondary-meaning = Oscurato perché da questo numero, con gli altri pubblicati, si ricaverebbe un numero oscurato per riservatezza.
code-variable-measure-choice = Misura
