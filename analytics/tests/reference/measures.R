# The measures of 2,561 synthetic diaries (tus_synthetic.csv), made with R survey 4.1-1 (R 4.2.2) for measures_r_survey.csv:
#   Rscript measures.R tus_synthetic.csv > measures_r_survey.csv
# Ages 0 to 4 stand for 12, 20, 30, 50 and 70 years; sex 1 is M, 2 is F; dow 0, 1, 2 are weekday, Saturday, Sunday.
# Activities are single digits: 1 is paid work, 3 unpaid work, 4 to 8 free time. Every number is made from svymean, svyby
# with its covariances, svycontrast, svystandardize and svytotal; where R has no function (a poverty line that is
# estimated) the linearised variable is written out here and given to svytotal.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail")
d <- read.csv(commandArgs(TRUE)[1], colClasses = c(slots = "character"))
d$sex <- ifelse(d$sex == 1, "M", "F")
d$age_group <- c("10-14", "15-24", "25-44", "45-64", "65+")[d$age + 1]
slots <- do.call(rbind, lapply(strsplit(d$slots, ""), as.integer))
d$base <- d$w
population <- expand.grid(sex = c("F", "M"), age_group = sort(unique(d$age_group)))
population$Freq <- c(300, 310, 420, 400, 700, 720, 690, 650, 600, 410) * 1000 # the margins of measures_r_survey.rs
post_stratified <- FALSE
design <- function(data) {
  base <- svydesign(ids = ~psu, strata = ~stratum, weights = ~base, data = data, nest = TRUE)
  if (post_stratified) postStratify(base, ~sex + age_group, population) else base
}
days <- c("weekday", "saturday", "sunday")
share <- c(5, 1, 1) / 7
rows <- list()
weighting <- "file"
put <- function(indicator, timeline, activity, sex, age_group, day, slot, value, se, df)
  rows[[length(rows) + 1]] <<- data.frame(weighting, indicator, timeline, activity, sex, age_group, day, slot, value = as.numeric(value), se = as.numeric(se), df)
is_sex <- function(sex) if (sex == "all") rep(TRUE, nrow(d)) else d$sex == sex
df_of <- function(keep) degf(subset(design(d), keep))

# Totals of the columns of `vars`, and of the weights (column one), in the cells of sex by kind of day, named
# variable.sex.day; means and ratios are smooth functions of them.
cells <- function(vars, by_sex = TRUE, by = if (by_sex) d$sex else rep("all", nrow(d))) {
  cell <- paste(by, d$dow, sep = ".")
  columns <- cbind(vars, one = 1)
  wide <- do.call(cbind, lapply(sort(unique(cell)), function(k) { x <- columns * (cell == k); names(x) <- paste(names(columns), k, sep = "."); x }))
  wide <- as.matrix(wide)
  svytotal(wide, design(d))
}
mean_of <- function(variable, sex, day) {
  name <- function(k) sprintf("`%s.%s.%d` / `one.%s.%d`", variable, sex, k, sex, k)
  k <- if (day == "average") 0:2 else match(day, days) - 1
  sprintf("(%s)", paste(sprintf("%.17g * %s", if (day == "average") share else 1, name(k)), collapse = " + "))
}
contrast <- function(means, text) {
  r <- svycontrast(means, str2lang(text)); c(coef(r), SE(r))
}
on <- function(day) if (day == "average") rep(TRUE, nrow(d)) else d$dow == match(day, days) - 1

for (weighting in c("file", "post-stratified")) {
  post_stratified <- weighting == "post-stratified"
  d$w <- weights(design(d))
  # Episodes and clock times.
  activity_columns <- function(a) {
    is <- slots == a
    starts <- is & cbind(TRUE, !is[, -ncol(is)])
    # What is under way at 04:00 has no start in the diary, and what is under way at its end no end.
    ends <- is & cbind(!is[, -1], FALSE)
    first <- apply(starts[, -1], 1, function(x) if (any(x)) 10 * which(x)[1] else 0)
    last <- apply(ends, 1, function(x) if (any(x)) 10 * max(which(x)) else 0)
    data.frame(y = 10 * rowSums(is), p = as.numeric(rowSums(is) > 0), n = rowSums(starts),
               first = first, started = as.numeric(first > 0), last = last, ended = as.numeric(last > 0))
  }
  for (a in if (post_stratified) c(1, 8) else 0:9) {
    vars <- activity_columns(a)
    by_sex <- cells(vars); together <- cells(vars, FALSE)
    for (day in c("average", "weekday", "sunday")) for (sex in c("all", "F", "M")) {
      means <- if (sex == "all") together else by_sex
      m <- function(v) mean_of(v, sex, day)
      keep <- is_sex(sex) & on(day)
      df <- df_of(keep); df_p <- df_of(keep & vars$p > 0)
      add <- function(indicator, text, df) { e <- contrast(means, text); put(indicator, "main", a, sex, "all", day, NA, e[1], e[2], df) }
      add("episodes_per_day", m("n"), df)
      add("episode_length", paste(m("y"), "/", m("n")), df_p)
      add("first_start", paste(m("first"), "/", m("started")), df_of(keep & vars$started > 0))
      add("last_end", paste(m("last"), "/", m("ended")), df_of(keep & vars$ended > 0))
    }
  }

  # Relative gap and asymmetry, of an activity and of derived measures.
  minutes <- function(codes) data.frame(y = 10 * rowSums(matrix(slots %in% codes, nrow(slots))))
  measures <- list(list("main", "3", 3), list("derived", "unpaid_work", 3), list("derived", "total_work", c(1, 3)), list("derived", "free_time", 4:8))
  age_share <- tapply(d$w, d$age_group, sum) / sum(d$w)
  for (one in measures) {
    vars <- minutes(one[[3]]); by_sex <- cells(vars)
    for (day in c("average", "saturday")) {
      f <- mean_of("y", "F", day); m <- mean_of("y", "M", day); df <- df_of(on(day))
      add <- function(indicator, text) { e <- contrast(by_sex, text); put(indicator, one[[1]], one[[2]], "all", "all", day, NA, e[1], e[2], df) }
      add("time_gap", sprintf("%s - %s", f, m))
      add("relative_gap", sprintf("100 * (%s - %s) / %s", f, m, m))
      add("asymmetry", sprintf("100 * %s / (%s + %s)", f, f, m))
      # Age-standardised: cells of age, sex and kind of day, weighted by the sample's own ages.
      data <- cbind(d, vars); by <- cells(vars, by = paste(d$age_group, d$sex, sep = "."))
      names_of <- function(sex)
        sprintf("(%s)", paste(sprintf("%.17g * %s", age_share, sapply(names(age_share), function(a) mean_of("y", paste(a, sex, sep = "."), day))), collapse = " + "))
      add <- function(indicator, text) { e <- contrast(by, text); put(indicator, one[[1]], one[[2]], "all", "all", day, NA, e[1], e[2], df) }
      add("standardised_gap", sprintf("%s - %s", names_of("F"), names_of("M")))
      add("standardised_relative_gap", sprintf("100 * (%s - %s) / %s", names_of("F"), names_of("M"), names_of("M")))
      add("standardised_asymmetry", sprintf("100 * %s / (%s + %s)", names_of("F"), names_of("F"), names_of("M")))
      if (day == "saturday") { # R's own standardisation agrees with the cells.
        s <- svystandardize(subset(design(data), dow == 1), by = ~age_group, over = ~sex, population = as.numeric(age_share))
        e <- svyglm(y ~ I(sex == "F"), s); last <- rows[[length(rows) - 2]]
        stopifnot(abs(coef(e)[2] - last$value) < 1e-9)
      }
    }
  }

  # The tempogram's difference.
  for (a in c(0, 1, 3, 8)) for (slot in c(0, 37, 71, 110, 143)) {
    by_sex <- cells(data.frame(y = as.numeric(slots[, slot + 1] == a)))
    for (day in c("average", "weekday")) {
      e <- contrast(by_sex, sprintf("100 * (%s - %s)", mean_of("y", "F", day), mean_of("y", "M", day)))
      put("share_gap_at_slot", "main", a, "all", "all", day, slot, e[1], e[2], df_of(on(day)))
    }
  }

  # Time poverty: work above 600 minutes; free time below 60% of the median of the kind of day.
  work <- minutes(c(1, 3))$y
  for (sex in c("all", "F", "M")) for (day in c("average", "weekday", "saturday")) {
    e <- contrast(cells(data.frame(y = as.numeric(work > 600)), sex != "all"), paste("100 *", mean_of("y", sex, day)))
    put("time_poverty", "derived", "total_work", sex, "all", day, NA, e[1], e[2], df_of(is_sex(sex) & on(day)))
  }
  # A day of y minutes, known in slots of ten, is spread evenly over y - 5 to y + 5.
  free <- minutes(4:8)$y
  below <- function(y, line) pmin(1, pmax(0, (line - y) / 10 + 0.5))
  kernel_density <- function(y, w, at, h) sum(w * dnorm((at - y) / h)) / (sum(w) * h)
  for (sex in c("all", "F", "M")) for (age in c("all", "25-44")) for (day in c("average", "weekday", "saturday")) {
    inside <- is_sex(sex) & (age == "all" | d$age_group == age)
    rate <- 0; u <- numeric(nrow(d))
    for (k in if (day == "average") 0:2 else match(day, days) - 1) {
      s <- if (day == "average") share[k + 1] else 1
      pool <- d$dow == k; y <- free[pool]; w <- d$w[pool]
      median <- uniroot(function(t) sum(w * below(y, t)) - sum(w) / 2, c(0, 1440), tol = 1e-13, maxiter = 10000)$root
      h <- sqrt(sum(w * (y - sum(w * y) / sum(w))^2) / sum(w)) * length(y)^-0.2
      of_median <- -(below(free, median) - sum(w * below(y, median)) / sum(w)) / (sum(w) * kernel_density(y, w, median, h)) * pool
      dom <- pool & inside
      poor <- below(free, 0.6 * median)
      r <- sum((d$w * poor)[dom]) / sum(d$w[dom])
      rate <- rate + s * r
      u <- u + s * (dom * (poor - r) / sum(d$w[dom]) + kernel_density(free[dom], d$w[dom], 0.6 * median, h) * 0.6 * of_median)
    }
    data <- cbind(d, u = u)
    put("time_poverty", "derived", "free_time", sex, age, day, NA, 100 * rate, 100 * SE(svytotal(~u, design(data))), df_of(inside & on(day)))
  }

  # Time that adults of a household share, pairs being days of one household and kind, half of a pair put to either day.
  pairs <- numeric(nrow(d)); same <- numeric(nrow(d))
  adult <- d$age >= 1
  key <- paste(d$stratum, d$psu, d$hh, d$dow)
  for (g in split(which(adult), key[adult])) if (length(g) > 1) for (i in g) for (j in g) if (i != j) {
    pairs[i] <- pairs[i] + 0.5; same[i] <- same[i] + 0.5 * 10 * sum(slots[i, ] == slots[j, ])
  }
  shared <- cells(data.frame(same = same, pairs = pairs), FALSE)
  for (day in c("average", "weekday", "saturday")) {
    e <- contrast(shared, paste(mean_of("same", "all", day), "/", mean_of("pairs", "all", day)))
    put("shared_time", "shared", "same_activity", "all", "all", day, NA, e[1], e[2], df_of(on(day) & pairs > 0))
  }

  # Value at 9.50 euros an hour of activity 3 and 8 of activity 4.
  euros <- data.frame(y = minutes(3)$y * 9.5 / 60 + minutes(4)$y * 8 / 60)
  # In a year: 365 times the persons, who are estimated like the mean, in everybody and in groups.
  for (age in c("all", "25-44", "65+")) for (sex in c("all", "F")) {
    inside <- is_sex(sex) & (age == "all" | d$age_group == age)
    means <- cells(euros, by = ifelse(inside, sex, "other"))
    per_day <- mean_of("y", sex, "average"); df <- df_of(inside)
    e <- contrast(means, per_day)
    put("value_per_day", "derived", "valued_work", sex, age, "average", NA, e[1], e[2], df)
    persons <- paste(sprintf("`one.%s.%d`", sex, 0:2), collapse = " + ")
    e <- contrast(means, sprintf("365 * (%s) * %s", persons, per_day))
    put("value_per_year", "derived", "valued_work", sex, age, "average", NA, e[1], e[2], df)
  }
}
out <- do.call(rbind, rows)
write.csv(out, quote = FALSE, row.names = FALSE, na = "")
