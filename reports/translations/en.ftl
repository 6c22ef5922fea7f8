# The words of the published results: charts, tables, pages.

## Numbers
hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
minutes = { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}
hours-and-minutes = { $hours } and { $minutes }
under-one-minute-in-words = under 1 minute
margin = plus or minus { $margin }
margin-under-one-minute = with a margin under 1 minute
point = { $n } point
points = { $n } points
under-a-tenth-of-a-point = under 0.1 points
margin-under-a-tenth = with a margin under 0.1 points
share-with-margin = { $share } (±{ $margin })
to-activity = on { $activity }
at-time = at { $time }
age-between = { $low }–{ $high } years
age-from = { $low } years and over
at-age-between = aged { $low } to { $high }
at-age-from = aged { $low } and over
both-sexes = women and men: { $words }
women-and-men = women { $women } · men { $men }
weekdays = Weekdays
saturdays = Saturdays
sundays = Sundays
on-weekdays = on weekdays
on-saturdays = on Saturdays
on-sundays = on Sundays
weekdays-by-name = Monday Tuesday Wednesday Thursday Friday Saturday Sunday
under-one-minute = under 1 min
months = January February March April May June July August September October November December
from-to = { $low } to { $high }

## Secrecy and reliability
suppressed = not published: too uncertain
withheld = withheld for confidentiality
flag-a = good (A)
flag-e = low-reliability estimate (E)
flag-suppressed = insufficient
flag-e-note = (E) = low-reliability estimate: use with care.
flag-e-note-table = Some percentages are low-reliability estimates: the table marks them (E).

## Words around charts
synthetic = Synthetic data: an imaginary city
women-of = { $population }, women only
men-of = { $population }, men only
population-and-persons = Population: { $population }. Persons interviewed: { $persons }.
source = Source: { $survey }, { $publisher }, edition { $number } of { $date }.
everybody = Everybody
everybody-with-time = Everybody: { $minutes }
women = Women
men = Men
shortened = Some rows only: the whole chart and its numbers are in the publication.
women-more = More time: women
men-more = More time: men

## Columns
column-age = Age
column-age-and-activity = Age and activity
column-wave = Wave
column-question = Question
column-answer = Answer
column-share = Percentage
column-activity = Activity
column-group = Group
column-hour = Time
column-time = Time per day
column-women = Women
column-men = Men
column-gap = Women minus men
column-interval = 95% confidence interval
column-persons = Persons (n)
column-reliability = Reliability

## Activities
activities-title = How much time each activity takes
activities-link = Activities
activities-lead = The time that people spend on each main activity, on average, every day.
activities-headline = On an average day: { $activities }
activities-hidden = Time by activity: nothing can be published
activities-subtitle = Time spent on the main activity, hours and minutes per day, average day of the week. The line is the 95% confidence interval.
activities-alternative = Bar chart. { $headline }. The same numbers are in the table.
activities-table = Time spent on each activity on the average day

## Women and men
gap-title = Women and men
gap-link = Women and men
gap-lead = The difference between women’s and men’s time, activity by activity.
gap-headline-women = Women spend { $minutes } more a day { $activity }, { $margin }
gap-headline-men = Men spend { $minutes } more a day { $activity }, { $margin }
gap-headline-women-plain = { $activity }: women { $minutes } a day more than men, { $margin }
gap-headline-men-plain = { $activity }: men { $minutes } a day more than women, { $margin }
gap-headline-none = No certain difference between women’s and men’s time
gap-hidden = Women and men: nothing can be published
gap-subtitle = Women’s time spent minus men’s, hours and minutes per day, average day. In grey, differences that the sample cannot tell from zero (95% interval).
gap-alternative = Chart of differences between women and men. { $headline }. The same numbers are in the table.
gap-table = Women’s time, men’s time and their difference on the average day

## Hours of the day
day-title = The hours of the day
day-link = Hours of the day
day-lead = What women and men do at every hour: the city moves, works and rests in rhythms that opening hours can help or hinder.
day-headline = { $who }, peaks of the day: { $peaks }
day-hidden = { $who }, the hours of the day: nothing can be published
day-subtitle = Activities over the hours of the day: percentage of people in each main activity, every ten minutes from 4 in the morning, average day.
day-alternative = Area chart over 24 hours. { $headline }. The same numbers are in the table.
day-description = Highest percentage and when it is reached: { $peaks }.
day-table = { $who }: percentage of people in each activity, every ten minutes
peak = { $activity } { $share } (at{ "\u00A0" }{ $time })
band-free-time = Free time and social life
band-other = Other activities

## Groups
groups-title = Target groups
groups-link = Groups
groups-lead = Workers, commuters, parents, carers: the same day weighs differently. Here are the activities on which the groups differ most.
groups-headline = { $activity }: from { $least-minutes } ({ $least }) to { $most-minutes } ({ $most })
groups-headline-none = { $activity }: no certain difference between the groups
groups-hidden = { $activity }: too few data to compare the groups
groups-subtitle = Time spent, hours and minutes per day, average day. The dot is the estimate, the line its 95% confidence interval. A person may be in several groups.
zones-subtitle = Time spent in the zones of the city, hours and minutes per day, average day. The dot is the estimate, the line its 95% confidence interval.
groups-alternative = Dot chart with intervals. { $headline }. The same numbers are in the table.
groups-table = { $activity }: time spent by each group on the average day

## The day in 24 hours
balance-headline = { $activity }: women { $women }, men { $men }; the difference is { $gap }, { $margin }
balance-headline-none = Women’s and men’s day: no certain difference in any activity
balance-hidden = Women’s and men’s day: nothing can be published
balance-subtitle = The 24 hours of the average day divided among main activities: time spent, hours and minutes. The bar says how long, not when.
balance-alternative = Bars of 24 hours, one for women and one for men. { $headline }. The same numbers are in the table.
balance-table = The 24 hours of women’s and men’s average day
rest-hidden = The rest is not published

## Rhythm of an activity
rhythm-headline-women = { $activity }: { $time } women exceed men by { $points }, { $margin }
rhythm-headline-men = { $activity }: { $time } men exceed women by { $points }, { $margin }
rhythm-headline-none = { $activity }: no certain difference between women and men at any hour
rhythm-headline-plain = { $activity }: women’s and men’s hours
rhythm-hidden = { $activity }, the hours of the day: nothing can be published
rhythm-subtitle = Percentage of women and of men in “{ $activity }” every ten minutes, average day. The band around a line holds the whole curve with a probability of 95%; in grey, differences that the sample cannot tell from zero.
rhythm-alternative = Lines over 24 hours with confidence bands. { $headline }. The same numbers are in the table.
rhythm-table = { $activity }: percentage of women and of men every ten minutes, with the margin of the curve
rhythm-difference = Women minus men, percentage points

## Week
week-headline = { $activity }: { $time } { $day } { $share } of people, { $margin }, the highest value of the week
week-hidden = { $activity }, days and hours: nothing can be published
week-peak = most { $share } { $time }
week-subtitle = Percentage of people in “{ $activity }” every ten minutes from 4 in the morning, by kind of day. The darker, the more people.
week-alternative = Map of hours by kind of day. { $headline }. The same numbers are in the table.
week-table = { $activity }: percentage of people every ten minutes, by kind of day

## Ages
ages-headline-women = { $age }, { $activity }: women { $minutes } a day more than men, { $margin }
ages-headline-men = { $age }, { $activity }: men { $minutes } a day more than women, { $margin }
ages-headline-none = Women and men: no certain difference at any age
ages-hidden = Women and men by age: nothing can be published
ages-subtitle = Time spent on the activities in which women and men differ most, by age group, average day. The sign is the estimate, the line its 95% confidence interval; all panels have the same scale.
ages-alternative = A panel for each age group, women beside men. { $headline }. The same numbers are in the table.
ages-table = Women’s and men’s time by age group on the average day
pyramid-headline = { $activity }, { $age }: { $women } of women and { $men } of men take part on a day
pyramid-headline-none = { $activity }: no certain difference in participation between women and men at any age
pyramid-hidden = { $activity }, participation by age: nothing can be published
pyramid-subtitle = Participation rate in “{ $activity }”: percentage of women and of men who do it at least once on the average day, by age group. The line is the 95% confidence interval.
pyramid-alternative = Pyramid by age: women to the left, men to the right. { $headline }. The same numbers are in the table.
pyramid-table = { $activity }: percentage of women and of men who take part, by age group

## Waves compared
trend-headline = { $activity }, { $who }: { $first } in { $from }, { $last } in { $to }
trend-headline-none = { $activity }: no certain change between { $from } and { $to }
trend-hidden = { $activity }: too few data to compare the waves
trend-subtitle = Time spent on “{ $activity }”, hours and minutes per day, average day, in each wave of the survey. The upright line is the 95% confidence interval.
trend-alternative = Lines from wave to wave. { $headline }. The same numbers are in the table.
trend-table = { $activity }: women’s and men’s time in each wave

## Answers to questionnaires
needs-title = Needs and answers
needs-link = Needs
needs-lead = Which services people use, when their hours collide with those of the people who live in the city, what they would like: answers to the questionnaires.
needs-headline = “{ $question }” { $answer }: { $share } of those who answered, { $margin }
needs-scale-subtitle = “{ $question }” Percentage of those who answered, from the first answer on the left to the last on the right; the notch is the middle.
needs-single-subtitle = Percentage of those who gave each answer, among those who answered the question. The line is the 95% confidence interval.
needs-minutes-headline = “{ $question }” { $about }: { $minutes } on average, { $margin }
needs-minutes-subtitle = Mean of the minutes stated by those who answered. The line is the 95% confidence interval.
needs-asked-of = { $population }, those who answered the question
needs-flag-e = Some answers are to be used with care: the data to download say which (E).
needs-on-weekday = { $question } (on a weekday)
needs-on-weekend = { $question } (on a day of the weekend)
column-about = About what
scale-headline-favour = “{ $question }” { $share } of people say yes, { $margin }
scale-headline-against = “{ $question }” { $share } of people say no, { $margin }
scale-headline-none = No side certainly prevails on any question
answers-hidden = Answers: nothing can be published
scale-subtitle = Percentage of people by answer, from no on the left to yes on the right; the notch is the middle.
scale-alternative = Bars divided around the middle. { $headline }. The same numbers are in the table.
scale-table = Answers to each question
choices-headline = “{ $question }” { $answer }: { $share } of people, { $margin }
choices-subtitle = Percentage of people who chose each answer; more than one could be chosen. The line is the 95% confidence interval.
choices-alternative = Bar chart of the answers. { $headline }. The same numbers are in the table.

## Opening hours
opening-headline-open = { $service }, { $hours } a week: open { $day } { $time }, when { $share } of people are free, the most of the week
opening-headline-closed = { $service }, { $hours } a week: closed { $day } { $time }, when { $share } of people are free, the most of the week
opening-hidden = { $service }: nothing can be published on people who are free
opening-subtitle = Percentage of people in household, care or free-time activities, every ten minutes from 4 in the morning: those who can go to a counter. Dark while it is open, light while it is closed.
opening-alternative = Calendar of the week with opening hours and free people. { $headline }. The same numbers are in the table.
opening-table = { $service }: percentage of free people every ten minutes
free-while-open = Free people, open
free-while-closed = Free people, closed
share-while-open = { $share } (open)
day-closed = closed

## Pages
site-title = The city’s times
home-title = How the city uses its time
home-lead = The results of the time use survey: what people do, when, and for whom the day weighs most.
synthetic-explained = The people and days on these pages are invented: they show how Tempi works.
skip-to-content = Skip to content
languages = Languages
sections = Sections
language-name = English
home-link = Results
edition = Edition { $number } · { $date }
findings = What we found
at-a-glance = At a glance
no-figures = In this edition no data can be published as a chart. The numbers that exist are on the data page.
numbers-and-table = All numbers of this chart, as a table
same-numbers = The same numbers as a table
download-csv = Download the data (CSV)
download-png = Download the picture (PNG)
download-share = Download the picture to share (PNG)
download-svg = Download the drawing (SVG)
how-to-read = How to read these numbers
read-method = Read the method
fact-persons = Persons interviewed
fact-diaries = Days described
fact-population = Population

## Signs
note-minutes = Time spent: the mean, over all people and all days of the week, of minutes in the main activity; those who did not do it count as zero. The 95% confidence interval says how uncertain the sample leaves the number.
note-gap = The difference is women’s mean time minus men’s. When its 95% confidence interval includes zero, the sample cannot tell who spends more time.
note-day = Each band is the percentage of people in that activity in those ten minutes; at any moment the bands add up to 100. Where the chart takes several activities together, the table shows them one by one.
note-needs = Percentages are of those who answered each question: who was not asked, because it does not concern them, or left it blank is not counted. Each person counts once, with the weight they have in the survey.
note-groups = Groups overlap: a parent may also be a commuter. Two groups are called different only when their 95% confidence intervals do not touch.
flags-title = Reliability and confidentiality
flag-a-name = A, good
flag-a-meaning = At least 150 persons and a relative error (coefficient of variation) of 25% at most.
flag-e-name = E, low-reliability estimate
flag-e-meaning = Use with care: fewer persons or a larger error than A estimates.
flag-suppressed-name = Not published: too uncertain
flag-suppressed-meaning = Fewer than 75 persons or a coefficient of variation above 50%: the number would say too little.
withheld-name = Withheld for confidentiality
withheld-meaning = Fewer than { $threshold } persons: the number might identify somebody, which statistical secrecy forbids (Italian Legislative Decree 322/1989).

## Method
method-title = Method
method-lead = How these numbers are made and what they are worth.
method-diary-title = The diary
method-diary = People describe a whole day from 4 in the morning to 4 the next morning, in intervals of ten minutes, following the European guidelines HETUS 2018. The main activity is counted here.
method-import-title = The source
method-import = The data come from another survey, with its own classification of activities. Where the source does not say at what time activities take place, there are no charts by hour of the day.
method-weights-title = Weights
method-weights-file = Each person counts by the weight that the survey assigned.
method-weights-post-stratified = Each person counts as many times as needed for the sample to match the registered population by sex and age.
method-average-title = The average day
method-average = The average day is made of five weekdays, one Saturday and one Sunday.
method-intervals-title = Confidence intervals
method-intervals = The sampling error is estimated by Taylor linearisation, allowing for weights and for the likeness of people in the same household; intervals are at 95%, with Student’s t.
method-exceptions-title = Two rules of their own
method-exceptions = A percentage in the hours of the day is part of a whole that must stay complete: it is not published with fewer than 75 persons or an interval wider than 30 points, and is A with at least 150 persons and an interval of 10 points at most. A difference between women and men takes the worse sign of its two sides.
this-edition = This edition
fact-survey = Survey
fact-rejected = Days left out for their quality
fact-classification = Classification of activities
fact-as-of = Data as of
fact-version = Version of Tempi
fact-input = Fingerprint of the input data (SHA-256)

## Data
data-title = Data
data-lead = All numbers of this edition, to download and reuse.
columns-title = The columns
columns-note = CSV files are in UTF-8, separated by commas, with a point as the decimal sign. The files of charts have the same columns, and the activity’s names in Italian and English.
columns-table = Columns of estimates.csv
column-name = Column
column-meaning = Meaning
data-indicator = Measure, such as time_spent, participation_rate, participation_time, share_at_slot (percentage in ten minutes), time_gap (women minus men); the sheet Codes of the XLSX files lists them all.
data-unit = Unit, such as minutes_per_day or percent; the sheet Codes lists them all.
data-timeline = Timeline of the diary: main (main activity), any (main or secondary), with_whom, location, device (computer or phone), derived (derived measures), shared (time in common).
data-activity = Code of the activity in the classification.
data-level = Level of the code; 1 is the coarsest.
data-sex = all, F (women), M (men).
data-age-group = all, or the age group in years.
data-target-group = all, or the target group.
data-day = average (average day), weekday, saturday, sunday.
data-slot = For share_at_slot, the ten minutes of the day: 0 begins at 04:00, 143 at 03:50. Empty otherwise.
data-value = The number; empty when it is not published.
data-standard-error = Standard error, in the unit of the number.
data-ci-low = Lower end of the 95% confidence interval.
data-ci-high = Upper end of the 95% confidence interval.
data-degrees-of-freedom = Degrees of freedom of the estimate.
data-n = Persons interviewed behind the number, unweighted.
data-fate = What became of the number: changed; new, it was not there before; gone, it is there no more; shown, it was hidden; hidden, it is hidden now.
data-before = The number of the edition before; empty when it was not published.
data-after = The number of this edition; empty when it is not published.
data-difference = After less before; empty when one of them is missing.
data-flag = Reliability: A, E or suppressed (not published: too uncertain).
data-status = Confidentiality: published, withheld, or withheld_secondary (withheld because a withheld number would follow from it).

## Edition
edition-title = This edition
edition-link = Edition
edition-lead = Who publishes it, what it corrects, what has changed since the one before, and where the others are.
edition-number = Number
edition-date = Published
edition-date-hour = { $date }, { $hour } in Italy
edition-publisher = Publisher
edition-author = Prepared by
edition-contact = For questions and errors
edition-previous = Edition before
licence = Licence
correction-title = This is a correction
correction-what = What was wrong
correction-why = Why
corrections-title = How errors are corrected
corrections-usual = A published edition never changes. Errors are corrected by a new edition, which says what has changed and why; earlier editions stay readable at their address.
comparison-title = What has changed
comparison-summary = Compared with the edition before: { $changed } numbers differ, { $same } are the same, { $new } are new, { $gone } are no longer there, { $shown } were hidden and are shown now, { $hidden } were shown and are hidden now.
comparison-largest = The largest differences, against the standard error
comparison-number = Number
comparison-before = Before
comparison-after = Now
comparison-file = All differences (CSV)
earlier-title = Earlier editions
earlier-none = This is the first edition.
follow-title = To know when the next one comes out
feed-link = News of editions (Atom)
feed-title = Time use results, { $publisher }
feed-edition = Edition { $number }
feed-correction = Edition { $number } (correction)
calendar-link = Calendar of releases (iCalendar)
seal-title = How to verify the files
seal-text = The manifest lists every file with its SHA-256. Whoever has a copy of the edition verifies it with the command tempi verify-edition.
seal-previous = SHA-256 of the manifest of the edition before:
seal-link = The edition’s manifest (JSON)
day-weekday = weekdays
day-saturday = Saturday
day-sunday = Sunday
measure-time-spent = Time spent
measure-participation-rate = Participation rate
measure-participation-time = Participation time
measure-share-at-slot = Share at this hour
measure-time-gap = Women minus men
measure-share-of-day = Share of the day
measure-share-gap-at-slot = Women minus men at this hour
measure-relative-gap = Relative difference
measure-asymmetry = Women’s share
measure-standardised-gap = Women minus men at the same ages
measure-standardised-relative-gap = Relative difference at the same ages
measure-standardised-asymmetry = Women’s share at the same ages
measure-episodes-per-day = Episodes per day
measure-episode-length = Length of an episode
measure-first-start = First start
measure-last-end = Last end
measure-time-poverty = Time poverty
measure-shared-time = Shared time
measure-value-per-day = Value per day
measure-value-per-year = Value per year

## Themes
themes-title = Themes
themes-link = Themes
themes-lead = Work, care, free time, mobility, time for oneself: what a plan of the city’s hours speaks of, theme by theme.
themes-pages = The themes
other-themes = Other themes
theme-paid-work-title = Paid work
theme-paid-work-lead = Who works, how long and at what hour: the hours of offices, schools and transport begin here.
theme-care-title = Household and family care
theme-care-lead = Cooking, cleaning, looking after others: the work that nobody pays, and how it is shared.
theme-free-time-title = Free time
theme-free-time-lead = Social life, sport, volunteering, leisure and media: how much of it is left, to whom and when.
theme-mobility-title = Mobility
theme-mobility-lead = How much time is spent on the way, who travels most and at what hour the city moves.
theme-oneself-title = Time for oneself
theme-oneself-lead = Sleep, meals and personal care: the time that people keep for themselves.
theme-numbers = How long, how many people and how long those who do it, on the average day

## Pages of groups
groups-pages = One group at a time
groups-compared = This group beside the others
other-groups = Other groups
group-lead = The day of this group ({ $group }) beside everybody’s.
group-of = { $population }, { $group }
about-group = { $group }: { $sentence }
portrait-headline = { $group }: { $activity } { $minutes }, everybody { $everybody }
portrait-headline-none = { $group }: no certain difference from everybody’s day
portrait-subtitle = The 24 hours of the average day divided among main activities: time spent, hours and minutes, by the group and by everybody. The bar says how long, not when.
portrait-alternative = Bars of 24 hours, one for the group and one for everybody. { $headline }. The same numbers are in the table.
portrait-table = { $group } and everybody: the 24 hours of the average day
portrait-numbers = { $group }: the activities whose time is furthest from everybody’s, of those whose confidence intervals do not touch
note-portrait = The group is part of everybody. Its time is called different only where the 95% confidence intervals do not touch: of a small group almost nothing may be certain.

## Page of a chart
chart-page-link = Page of the chart: table, data, how to cite it
how-to-cite = How to cite
chart-citation = { $publisher }, “{ $headline }”, { $survey }, edition { $number } of { $date }, chart { $name }.
bibliography-entry = Bibliographic entry (BibTeX)
bibliography-note = { $survey }, edition { $number }, chart { $name }
go-on = Go on
chart-before = Previous chart:
chart-after = Next chart:
chart-stands-in = It is on the page
note-shares = Each percentage is the part of people who do the activity. The interval, or the band around a line, says how far the sample leaves the number open; where women and men overlap, the sample does not allow to say that they differ.
table-sort = Sort by
table-filter = Search the table
table-shown = Rows shown: { "{n}" } of { "{total}" }
no-findings = No result of this edition is certain enough to stand here. The charts are on the pages of the themes.

## Explore
explorer-title = Explore the tables
explorer-link = Explore
explorer-lead = Choose what is measured, about whom and on which day: here are the published numbers with their margins of error.
explorer-without-script = A table is chosen here if scripts are on in the browser. Without them the same tables can be downloaded from below, and those most asked for stand on the pages of themes and groups.
explorer-tables = The same tables, to download
explorer-tables-lead = Each measure as JSON-stat, with all digits. The other formats are on the page
explorer-detail = Detail
explorer-detail-1 = Activities in general
explorer-detail-2 = Activities in detail
explorer-detail-3 = Activities in every detail
explorer-value = Value
explorer-from-to = from { "{low}" } to { "{high}" }
explorer-none = This edition has no numbers for this choice. Try another group, day or sex.
explorer-rows = { "{n}" } numbers, { "{hidden}" } not shown.
explorer-hidden = Why some numbers are not there
explorer-failed = The table does not arrive. Load the page again, or download the tables below.
explorer-loading = The table is arriving…
explorer-link-note = The address of this page keeps the choice: it can be sent or saved.
explorer-secondary-meaning = Withheld because from this number and the other published ones a number withheld for confidentiality could be worked out.
code-variable-measure-choice = Measure
