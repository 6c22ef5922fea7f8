# The words of the open data: names of codes, workbooks, catalogue, data page.

## Measures
code-indicator-time_spent = Time spent
code-indicator-participation_rate = Participation rate
code-indicator-participation_time = Participation time
code-indicator-share_at_slot = Share in ten minutes of the day
code-indicator-time_gap = Gap between women and men
code-indicator-share_of_day = Share of the day
code-indicator-share_gap_at_slot = Gap in share in ten minutes
code-indicator-relative_gap = Relative gap between women and men
code-indicator-asymmetry = Asymmetry index
code-indicator-standardised_gap = Gap at equal ages
code-indicator-standardised_relative_gap = Relative gap at equal ages
code-indicator-standardised_asymmetry = Asymmetry at equal ages
code-indicator-episodes_per_day = Episodes per day
code-indicator-episode_length = Length of an episode
code-indicator-first_start = Time of the first start
code-indicator-last_end = Time of the last end
code-indicator-time_poverty = Time poverty
code-indicator-shared_time = Shared time
code-indicator-value_per_day = Value of time per day
code-indicator-value_per_year = Value of time per year

## Units
code-unit-minutes_per_day = minutes per day
code-unit-percent = percentage
code-unit-percentage_points = percentage points
code-unit-episodes_per_day = episodes per day
code-unit-minutes_per_episode = minutes per episode
code-unit-minutes_after_four = minutes after 4 in the morning
code-unit-euros_per_day = euros per day
code-unit-euros_per_year = euros per year
code-unit-unit_of_question = in the unit of the question

## Timelines of the diary
code-timeline-main = Main activity
code-timeline-any = Main or secondary activity
code-timeline-with_whom = With whom
code-timeline-location = Place or means of transport
code-timeline-device = Use of a computer or phone
code-timeline-derived = Derived measures
code-timeline-shared = Time that adults share

## People and days
code-sex-all = Everybody
code-sex-F = Women
code-sex-M = Men
code-age_group-all = All ages
code-age_group-10-14 = 10-14 years
code-age_group-15-24 = 15-24 years
code-age_group-25-44 = 25-44 years
code-age_group-45-64 = 45-64 years
code-age_group-65plus = 65 years and over
code-target_group-all = All groups
code-day-average = Average day
code-day-weekday = Weekday
code-day-saturday = Saturday
code-day-sunday = Sunday

## Signs
code-flag-A = Good
code-flag-E = Low reliability: use with care
code-flag-suppressed = Not published: too uncertain
code-status-published = Published
code-status-withheld = Withheld for confidentiality
code-status-withheld_secondary = Withheld because a withheld number would follow from it

## Variables
code-variable-indicator = Measure
code-variable-unit = Unit
code-variable-timeline = Timeline of the diary
code-variable-activity = Code
code-variable-activity_label = Activity
code-variable-level = Level
code-variable-sex = Sex
code-variable-age_group = Age
code-variable-target_group = Group
code-variable-group = Age or group
code-variable-day = Day
code-variable-slot = Begins at
code-variable-value = Value
code-variable-standard_error = Standard error
code-variable-ci_low = 95% interval, from
code-variable-ci_high = 95% interval, to
code-variable-degrees_of_freedom = Degrees of freedom
code-variable-n = Persons (n)
code-variable-flag = Reliability
code-variable-status = Confidentiality
code-variable-measure = Number

## Sheets
sheet-about = Read me
sheet-method = Method
sheet-codes = Codes
sheet-answers = Answers
sheet-answers-title = Answers to the questionnaires
sheet-contents = Sheets
sheet-contents-rows = Rows
sheet-code = Code
sheet-code-label = Meaning
sheet-variable = Variable
sheet-members = Codes it is made of
about-title = { $survey }: all estimates
about-publisher = Published by
about-edition = Edition
about-population = Population
about-licence = Licence
about-citation = How to cite
about-empty = Empty cells in the column of values are not zeros: the number is not published. The last two columns say why.
method-load-title = Loading the microdata in R
method-load = The public-use file loads with R’s package survey in three lines:
method-load-none = This edition has no public-use file. The estimates are read in R with read.csv("estimates.csv").

## Formats
open-data-title = The estimates in every format
open-data-lead = The same numbers in all formats. Confidential and too uncertain numbers are in none of them: in their place stands the reason.
open-data-table = Files of the edition
open-data-file = File
open-data-format = Format
open-data-language = Language
open-data-size = Size
open-data-what = What is in it
language-all = all
kind-estimates-csv = All estimates
kind-estimates-parquet = All estimates, for analysis programs
kind-workbook = All estimates, a sheet per measure, with method and codes
kind-json-stat-collection = List of the JSON-stat 2.0 tables
kind-json-stat = JSON-stat table: { $indicator }, { $timeline }
kind-sdmx = All estimates in SDMX-CSV 2.0, with observation and confidentiality status
kind-answers-csv = All answers to the questionnaires
kind-answers-parquet = All answers to the questionnaires, for analysis programs
kind-answers-sdmx = All answers to the questionnaires in SDMX-CSV 2.0, with observation and confidentiality status
kind-json-stat-answers-collection = List of the JSON-stat 2.0 tables of the answers to the questionnaires
kind-json-stat-answers = JSON-stat table: { $question }
kind-comparison = What has changed since the edition before, number by number
kind-questions = Questions and answers of the questionnaires
kind-groups = Groups and zones
kind-classification = Categories of activities
kind-run = About the computation
kind-csvw = Description of the columns of the CSV files (CSV on the Web)
kind-dcat = Record for the national catalogue (DCAT-AP_IT)
kind-figure = Data of the chart: { $headline }
kind-puf-persons = Public-use file: persons
kind-puf-days = Public-use file: days and replicate weights
kind-puf-episodes = Public-use file: episodes of half hours
kind-puf-classification = Public-use file: codes of activities
kind-puf-codebook = Public-use file: description (DDI-Codebook 2.5)
kind-puf-report = Public-use file: the risk of identification, measured
kind-puf-design = Public-use file: design of the survey
json-stat-tables = The JSON-stat tables, one per measure or question
figure-files = The data of the charts
size-bytes = { $n } bytes
size-kilobytes = { $n } kB
size-megabytes = { $n } MB
licence-title = Licence and citation
licence-text = The data may be reused under the licence { $licence }, naming the source:
citation = { $publisher }, { $survey }, edition { $number }, { $date }.
open-title = How to open them
open-in-spreadsheet = In a spreadsheet
open-in-spreadsheet-text = Open the XLSX file: each measure has its sheet, with frozen headers and filters; the sheets Method and Codes explain the columns. The CSV is separated by commas, with a point as the decimal sign.
open-in-r = In R
open-in-python = In Python
open-in-command = In other programs
open-in-command-text = SDMX-CSV follows the code lists CL_OBS_STATUS and CL_CONF_STATUS of SDMX; csv-metadata.json describes every CSV to programs that know CSV on the Web; catalogo.jsonld is the record to hand to the national catalogue dati.gov.it.
puf-title = Public-use file
puf-lead = Persons and days, reduced until nobody can be recognised by means that an outsider may reasonably use. Each row is a real person who agreed to tell their day: trying to recognise them is forbidden.
puf-lead-synthetic = Invented persons and days, reduced as real ones are.
puf-checked = The file passed its own check: at least { $k } persons for every combination of characteristics, a risk of identification of { $risk } at most for each, { $expected } identifications expected in all. A whole day nevertheless remains nearly unique: { $unique } days in a hundred are so for somebody who knew already what a person did in every half hour.

## Catalogue
dataset-title = { $survey }: estimates, edition { $number }
dataset-description = Estimates with standard error, confidence interval, reliability and confidentiality. Population: { $population }. Confidential numbers are not published.
dataset-puf-title = { $survey }: public-use file, edition { $number }
dataset-puf-description = Pseudonymised and reduced microdata, with weights and replicate weights. Population: { $population }.
catalogue-title = Open data of the time use survey
catalogue-description = The open data of edition { $number }.
keyword-time-use = time use
keyword-diary = diary
keyword-gender = women and men

## Risposte ai questionari
code-variable-question = Question (code)
code-variable-question-words = Question
code-variable-answer-words = Answer
code-variable-answer-measure = Measure
code-answer-share = percentage
code-answer-mean = mean
code-day-weekend = weekend
dataset-answers-title = { $survey }: answers to the questionnaires, edition { $number }
dataset-answers-description = Shares and means of the answers to the questionnaires, of everybody, by sex, age, group and zone, with standard error, confidence interval, reliability and confidentiality.
