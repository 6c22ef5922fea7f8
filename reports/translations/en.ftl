# The words of the published results: charts, tables, pages.

## Numbers
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

## Words around charts
synthetic = Synthetic data: an imaginary city
population-and-persons = Population: { $population }. Persons interviewed: { $persons }.
source = Source: { $survey }, { $publisher }, edition { $number } of { $date }.
everybody = Everybody
everybody-with-time = Everybody: { $minutes }
women = Women
men = Men
women-more = More time: women
men-more = More time: men

## Columns
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
activities-lead = The time that people spend on each main activity, on average, every day.
activities-headline = On an average day: { $activities }
activities-hidden = Time by activity: nothing can be published
activities-subtitle = Time spent on the main activity, hours and minutes per day, average day of the week. The line is the 95% confidence interval.
activities-alternative = Bar chart. { $headline }. The same numbers are in the table.
activities-table = Time spent on each activity on the average day

## Women and men
gap-title = Women and men
gap-lead = The difference between women’s and men’s time, activity by activity.
gap-headline-women = { $activity }: women { $minutes } a day more than men
gap-headline-men = { $activity }: men { $minutes } a day more than women
gap-headline-none = No certain difference between women’s and men’s time
gap-hidden = Women and men: nothing can be published
gap-subtitle = Women’s time spent minus men’s, hours and minutes per day, average day. In grey, differences that the sample cannot tell from zero (95% interval).
gap-alternative = Chart of differences between women and men. { $headline }. The same numbers are in the table.
gap-table = Women’s time, men’s time and their difference on the average day

## Hours of the day
day-title = The hours of the day
day-lead = What women and men do at every hour: the city moves, works and rests in rhythms that opening hours can help or hinder.
day-headline = { $who }, peaks of the day: { $peaks }
day-hidden = { $who }, the hours of the day: nothing can be published
day-subtitle = Activities over the hours of the day: percentage of people in each main activity, every ten minutes from 4 in the morning, average day.
day-alternative = Area chart over 24 hours. { $headline }. The same numbers are in the table.
day-description = Highest percentage and when it is reached: { $peaks }.
day-table = { $who }: percentage of people in each activity, every ten minutes
peak = { $activity } { $share } (at { $time })
band-free-time = Free time and social life
band-other = Other activities

## Groups
groups-title = Target groups
groups-lead = Workers, commuters, parents, carers: the same day weighs differently. Here are the activities on which the groups differ most.
groups-headline = { $activity }: from { $least-minutes } ({ $least }) to { $most-minutes } ({ $most })
groups-headline-none = { $activity }: no certain difference between the groups
groups-hidden = { $activity }: too few data to compare the groups
groups-subtitle = Time spent, hours and minutes per day, average day. The dot is the estimate, the line its 95% confidence interval. A person may be in several groups.
groups-alternative = Dot chart with intervals. { $headline }. The same numbers are in the table.
groups-table = { $activity }: time spent by each group on the average day
