# I testi dei dati aperti: nomi dei codici, fogli di calcolo, catalogo, pagina dei dati.

## Misure
code-indicator-time_spent = Durata media generica
code-indicator-participation_rate = Frequenza di partecipazione
code-indicator-participation_time = Durata media specifica
code-indicator-share_at_slot = Partecipazione in dieci minuti del giorno
code-indicator-time_gap = Differenza tra donne e uomini
code-indicator-share_of_day = Quota della giornata
code-indicator-share_gap_at_slot = Differenza di partecipazione in dieci minuti
code-indicator-relative_gap = Differenza relativa tra donne e uomini
code-indicator-asymmetry = Indice di asimmetria
code-indicator-standardised_gap = Differenza a parità di età
code-indicator-standardised_relative_gap = Differenza relativa a parità di età
code-indicator-standardised_asymmetry = Asimmetria a parità di età
code-indicator-episodes_per_day = Episodi al giorno
code-indicator-episode_length = Durata di un episodio
code-indicator-first_start = Ora del primo inizio
code-indicator-last_end = Ora dell’ultima fine
code-indicator-time_poverty = Povertà di tempo
code-indicator-shared_time = Tempo condiviso
code-indicator-value_per_day = Valore del tempo al giorno
code-indicator-value_per_year = Valore del tempo all’anno

## Unità
code-unit-minutes_per_day = minuti al giorno
code-unit-percent = percentuale
code-unit-percentage_points = punti percentuali
code-unit-episodes_per_day = episodi al giorno
code-unit-minutes_per_episode = minuti per episodio
code-unit-minutes_after_four = minuti dopo le 4 del mattino
code-unit-euros_per_day = euro al giorno
code-unit-euros_per_year = euro all’anno
code-unit-unit_of_question = nell’unità della domanda

## Piani del diario
code-timeline-main = Attività principale
code-timeline-any = Attività principale o secondaria
code-timeline-with_whom = Con chi
code-timeline-location = Luogo o mezzo di trasporto
code-timeline-device = Uso di computer o telefono
code-timeline-derived = Misure derivate
code-timeline-shared = Tempo in comune tra adulti

## Persone e giorni
code-sex-all = Tutti
code-sex-F = Donne
code-sex-M = Uomini
code-age_group-all = Tutte le età
code-age_group-10-14 = 10-14 anni
code-age_group-15-24 = 15-24 anni
code-age_group-25-44 = 25-44 anni
code-age_group-45-64 = 45-64 anni
code-age_group-65plus = 65 anni e più
code-target_group-all = Tutti i gruppi
code-day-average = Giorno medio
code-day-weekday = Giorno feriale
code-day-saturday = Sabato
code-day-sunday = Domenica

## Segni
code-flag-A = Buona
code-flag-E = Stima poco affidabile: usare con cautela
code-flag-suppressed = Non pubblicato: troppo incerto
code-status-published = Pubblicato
code-status-withheld = Oscurato per riservatezza
code-status-withheld_secondary = Oscurato perché da questo numero si ricaverebbe un numero oscurato

## Variabili
code-variable-indicator = Misura
code-variable-unit = Unità
code-variable-timeline = Piano del diario
code-variable-activity = Codice
code-variable-activity_label = Attività
code-variable-level = Livello
code-variable-sex = Sesso
code-variable-age_group = Età
code-variable-target_group = Gruppo
code-variable-group = Età o gruppo
code-variable-day = Giorno
code-variable-slot = Ora d’inizio
code-variable-value = Valore
code-variable-standard_error = Errore standard
code-variable-ci_low = Intervallo 95%, da
code-variable-ci_high = Intervallo 95%, a
code-variable-degrees_of_freedom = Gradi di libertà
code-variable-n = Persone (n)
code-variable-flag = Affidabilità
code-variable-status = Riservatezza
code-variable-measure = Numero

## Fogli
sheet-about = Leggimi
sheet-method = Metodo
sheet-codes = Codici
sheet-answers = Risposte
sheet-answers-title = Risposte ai questionari
sheet-contents = Fogli
sheet-contents-rows = Righe
sheet-code = Codice
sheet-code-label = Significato
sheet-variable = Variabile
sheet-members = Codici compresi
about-title = { $survey }: tutte le stime
about-publisher = Pubblicato da
about-edition = Edizione
about-population = Popolazione
about-licence = Licenza
about-citation = Come citare
about-empty = Le celle vuote nella colonna del valore non sono zeri: il numero non è pubblicato. Le ultime due colonne dicono perché.
method-load-title = Caricare i microdati in R
method-load = Il file ad uso pubblico si carica con il pacchetto survey di R in tre righe:
method-load-none = Questa edizione non ha un file ad uso pubblico. Le stime si leggono in R con read.csv("estimates.csv").

## Formati
open-data-title = Le stime in ogni formato
open-data-lead = Gli stessi numeri in tutti i formati. I numeri riservati o troppo incerti non ci sono in nessuno: al loro posto c’è il motivo.
open-data-table = File dell’edizione
open-data-file = File
open-data-format = Formato
open-data-language = Lingua
open-data-size = Dimensione
open-data-what = Che cosa contiene
language-all = tutte
kind-estimates-csv = Tutte le stime
kind-estimates-parquet = Tutte le stime, per programmi di analisi
kind-workbook = Tutte le stime, un foglio per misura, con metodo e codici
kind-json-stat-collection = Elenco delle tabelle JSON-stat 2.0
kind-json-stat = Tabella JSON-stat: { $indicator }, { $timeline }
kind-sdmx = Tutte le stime in SDMX-CSV 2.0, con stato dell’osservazione e riservatezza
kind-answers-csv = Tutte le risposte ai questionari
kind-answers-parquet = Tutte le risposte ai questionari, per programmi di analisi
kind-answers-sdmx = Tutte le risposte ai questionari in SDMX-CSV 2.0, con stato dell’osservazione e riservatezza
kind-json-stat-answers-collection = Elenco delle tabelle JSON-stat 2.0 delle risposte ai questionari
kind-json-stat-answers = Tabella JSON-stat: { $question }
kind-comparison = Che cosa è cambiato dall’edizione precedente, numero per numero
kind-questions = Domande e risposte dei questionari
kind-groups = Gruppi e zone
kind-classification = Categorie delle attività
kind-run = Notizie sull’elaborazione
kind-csvw = Descrizione delle colonne dei file CSV (CSV on the Web)
kind-dcat = Scheda per il catalogo nazionale (DCAT-AP_IT)
kind-figure = Dati del grafico: { $headline }
kind-puf-persons = File ad uso pubblico: persone
kind-puf-days = File ad uso pubblico: giornate e pesi replicati
kind-puf-episodes = File ad uso pubblico: episodi di mezz’ora
kind-puf-classification = File ad uso pubblico: codici delle attività
kind-puf-codebook = File ad uso pubblico: descrizione (DDI-Codebook 2.5)
kind-puf-report = File ad uso pubblico: rischio di identificazione misurato
kind-puf-design = File ad uso pubblico: disegno dell’indagine
json-stat-tables = Le tabelle JSON-stat, una per misura o domanda
figure-files = I dati dei grafici
size-bytes = { $n } byte
size-kilobytes = { $n } kB
size-megabytes = { $n } MB
licence-title = Licenza e citazione
licence-text = I dati si possono riusare secondo la licenza { $licence }, citando la fonte:
citation = { $publisher }, { $survey }, edizione { $number }, { $date }.
open-title = Come aprirli
open-in-spreadsheet = Con un foglio di calcolo
open-in-spreadsheet-text = Aprire il file XLSX: ogni misura ha il suo foglio, con intestazioni bloccate e filtri; i fogli Metodo e Codici spiegano le colonne. Il CSV usa la virgola come separatore e il punto come segno decimale.
open-in-r = In R
open-in-python = In Python
open-in-command = Con altri programmi
open-in-command-text = SDMX-CSV segue le liste di codici CL_OBS_STATUS e CL_CONF_STATUS di SDMX; csv-metadata.json descrive ogni CSV per i programmi che conoscono CSV on the Web; catalogo.jsonld è la scheda da dare al catalogo nazionale dati.gov.it.
puf-title = File ad uso pubblico
puf-lead = Persone e giornate, ridotte fino a non lasciar riconoscere nessuno con i mezzi che un estraneo può ragionevolmente usare. Ogni riga è una persona vera che ha accettato di raccontare la sua giornata: cercare di riconoscerla è vietato.
puf-lead-synthetic = Persone e giornate inventate, ridotte come si riducono quelle vere.
puf-checked = Il file ha passato il proprio controllo: almeno { $k } persone per ogni combinazione di caratteristiche, rischio di identificazione al più { $risk } per ciascuno, { $expected } identificazioni attese in tutto. Una giornata intera resta però quasi unica: { $unique } giornate su cento lo sono per chi sapesse già che cosa una persona ha fatto in ogni mezz’ora.

## Catalogo
dataset-title = { $survey }: stime, edizione { $number }
dataset-description = Stime con errore standard, intervallo di confidenza, affidabilità e riservatezza. Popolazione: { $population }. I numeri riservati non sono pubblicati.
dataset-puf-title = { $survey }: file ad uso pubblico, edizione { $number }
dataset-puf-description = Microdati pseudonimizzati e ridotti, con pesi e pesi replicati. Popolazione: { $population }.
catalogue-title = Dati aperti dell’indagine sull’uso del tempo
catalogue-description = I dati aperti dell’edizione { $number }.
keyword-time-use = uso del tempo
keyword-diary = diario
keyword-gender = donne e uomini

## Risposte ai questionari
code-variable-question = Domanda (codice)
code-variable-question-words = Domanda
code-variable-answer-words = Risposta
code-variable-answer-measure = Misura
code-answer-share = percentuale
code-answer-mean = media
code-day-weekend = fine settimana
dataset-answers-title = { $survey }: risposte ai questionari, edizione { $number }
dataset-answers-description = Percentuali e medie delle risposte ai questionari, per tutti, per sesso, età, gruppo e zona, con errore standard, intervallo di confidenza, affidabilità e riservatezza.
