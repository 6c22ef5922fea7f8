# I testi dei risultati pubblicati: grafici, tabelle, pagine.

## Numeri
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

## Parole attorno ai grafici
synthetic = Dati sintetici: città immaginaria
population-and-persons = Popolazione: { $population }. Persone intervistate: { $persons }.
source = Fonte: { $survey }, { $publisher }, edizione { $number } del { $date }.
everybody = Tutti
everybody-with-time = Tutti: { $minutes }
women = Donne
men = Uomini
women-more = Più tempo le donne
men-more = Più tempo gli uomini

## Colonne
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
activities-lead = Il tempo che le persone dedicano in media, ogni giorno, a ciascuna attività principale.
activities-headline = In un giorno medio: { $activities }
activities-hidden = Tempo per attività: nessun dato pubblicabile
activities-subtitle = Durata media generica dell’attività principale, ore e minuti al giorno, giorno medio della settimana. La linea è l’intervallo di confidenza al 95%.
activities-alternative = Grafico a barre. { $headline }. Gli stessi numeri sono nella tabella.
activities-table = Tempo dedicato a ogni attività nel giorno medio

## Donne e uomini
gap-title = Donne e uomini
gap-lead = La differenza tra il tempo delle donne e quello degli uomini, attività per attività.
gap-headline-women = { $activity }: le donne { $minutes } al giorno più degli uomini
gap-headline-men = { $activity }: gli uomini { $minutes } al giorno più delle donne
gap-headline-none = Nessuna differenza certa tra il tempo delle donne e quello degli uomini
gap-hidden = Donne e uomini: nessun dato pubblicabile
gap-subtitle = Durata media generica delle donne meno quella degli uomini, ore e minuti al giorno, giorno medio. In grigio le differenze che il campione non distingue da zero (intervallo al 95%).
gap-alternative = Grafico delle differenze tra donne e uomini. { $headline }. Gli stessi numeri sono nella tabella.
gap-table = Tempo delle donne, degli uomini e differenza nel giorno medio

## Ore del giorno
day-title = Le ore del giorno
day-lead = Che cosa fanno donne e uomini a ogni ora: la città si muove, lavora e riposa con ritmi che gli orari possono aiutare o ostacolare.
day-headline = { $who }, le punte del giorno: { $peaks }
day-hidden = { $who }, le ore del giorno: nessun dato pubblicabile
day-subtitle = Distribuzione delle attività nelle ore del giorno: percentuale di persone in ogni attività principale, ogni dieci minuti dalle 4 del mattino, giorno medio.
day-alternative = Grafico ad aree sulle 24 ore. { $headline }. Gli stessi numeri sono nella tabella.
day-description = Percentuale più alta e ora in cui si raggiunge: { $peaks }.
day-table = { $who }: percentuale di persone in ogni attività, ogni dieci minuti
peak = { $activity } { $share } (ore { $time })
band-free-time = Tempo libero e vita sociale
band-other = Altre attività

## Gruppi
groups-title = Gruppi di riferimento
groups-lead = Lavoratori, pendolari, genitori, chi assiste: lo stesso giorno pesa in modo diverso. Ecco le attività in cui i gruppi si distinguono di più.
groups-headline = { $activity }: da { $least-minutes } ({ $least }) a { $most-minutes } ({ $most })
groups-headline-none = { $activity }: nessuna differenza certa tra i gruppi
groups-hidden = { $activity }: dati insufficienti per confrontare i gruppi
groups-subtitle = Durata media generica, ore e minuti al giorno, giorno medio. Il punto è la stima, la linea l’intervallo di confidenza al 95%. Una persona può stare in più gruppi.
groups-alternative = Grafico a punti con intervalli. { $headline }. Gli stessi numeri sono nella tabella.
groups-table = { $activity }: tempo dedicato da ogni gruppo nel giorno medio
