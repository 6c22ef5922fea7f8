# Answers of 900 invented persons to questionnaires, made with R survey 4.1-1 (R 4.2.2):
#   Rscript answers.R            writes answers_persons.csv (the persons, by a generator written out below) and
#                                answers_r_survey.csv (shares and means with standard errors, degrees of freedom and intervals)
# A share is svymean of an indicator over the persons who answered the question, within the subset of the design that is the
# domain; its interval is Wilson's with p (1 - p) / V in place of n and t in place of z, written out here; a mean's interval is
# confint with the domain's degrees of freedom. Missing answers are of persons who were not asked or left the question blank.
suppressMessages(library(survey))
options(digits = 17, survey.lonely.psu = "fail")
state <- 20261126
draw <- function() { state <<- (1103515245 * state + 12345) %% 2147483648; floor(state / 65536) %% 10000 / 10000 } # exact in doubles
pick <- function(values, shares) values[which(draw() < cumsum(shares / sum(shares)))[1]]
zones <- c("Sant'Elia", "centro", "nord", "Val Verde")
persons <- do.call(rbind, lapply(1:900, function(i) {
  stratum <- (i - 1) %/% 90 + 1
  psu <- (i - 1) %/% 6 + 1 # six persons each, fifteen to a stratum
  sex <- pick(c("F", "M"), c(0.54, 0.46))
  age <- 12 + floor(draw() * 76)
  zone <- zones[(psu * 7 + stratum) %% 4 + 1]
  weight <- round(40 + 120 * draw() + 15 * stratum, 3)
  post <- draw() < 0.62; bank <- draw() < if (age > 60) 0.7 else 0.45; shops <- draw() < 0.9
  services <- paste(c("post", "bank", "shops")[c(post, bank, shops)], collapse = " ")
  if (services == "") services <- "none"
  collides <- if (post) pick(c("never", "sometimes", "often"), if (sex == "F") c(0.35, 0.35, 0.3) else c(0.5, 0.3, 0.2)) else NA
  travel <- if (post) 5 * floor(draw() * (if (zone == "nord") 9 else 6)) else NA
  wait <- if (post && draw() < 0.85) 5 * floor(1 + draw() * 7) else NA
  gives_up <- if (draw() < 0.94) pick(c("no", "once", "several"), if (sex == "F") c(0.5, 0.3, 0.2) else c(0.6, 0.25, 0.15)) else NA
  satisfied <- pick(c("very_dissatisfied", "dissatisfied", "neither", "satisfied", "very_satisfied", "not_mine"), c(0.12, 0.16, 0.2, 0.24, 0.16, 0.12))
  carer <- pick(c("yes", "no"), c(0.3, 0.7))
  data.frame(id = i, stratum, psu, sex, age, zone, weight, n_days = 1 + (draw() < 0.6), services, collides, travel, wait, gives_up, satisfied, carer)
}))
write.csv(persons, "answers_persons.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")
d <- persons
d$age_group <- cut(d$age, c(0, 14, 24, 44, 64, 200), c("10-14", "15-24", "25-44", "45-64", "65+"))
d$satisfied[d$satisfied == "not_mine"] <- NA # set aside: no answer to the question
population <- expand.grid(sex = c("F", "M"), age_group = levels(d$age_group))
population$Freq <- c(3, 3, 8, 8, 15, 15, 16, 14, 17, 12) * 1000 # the margins of answers_r_survey.rs

# A zone counts once two zones have 75 persons; a group, where 75 persons answered.
domains <- c(list(c("all", "all", "all"), c("F", "all", "all"), c("M", "all", "all")),
             lapply(levels(d$age_group), function(a) c("all", a, "all")),
             list(c("all", "all", "carers_of_adults"), c("all", "all", "over_65")),
             lapply(zones, function(z) c("all", "all", paste0("zone_", gsub("[^A-Za-z0-9]", "_", tolower(z))))))
is_in <- function(domain) {
  k <- rep(TRUE, nrow(d))
  if (domain[1] != "all") k <- k & d$sex == domain[1]
  if (domain[2] != "all") k <- k & d$age_group == domain[2]
  if (domain[3] == "carers_of_adults") k <- k & d$carer == "yes"
  if (domain[3] == "over_65") k <- k & d$age >= 65
  if (startsWith(domain[3], "zone_")) k <- k & domain[3] == paste0("zone_", gsub("[^A-Za-z0-9]", "_", tolower(d$zone)))
  k
}
single <- function(column) { v <- d[[column]]; l <- sort(unique(na.omit(v))); setNames(lapply(l, function(x) as.numeric(v == x)), l) }
chosen <- strsplit(d$services, " ")
questions <- list(
  services_used = setNames(lapply(c("post", "bank", "shops"), function(s) as.numeric(sapply(chosen, function(c) s %in% c))), c("post", "bank", "shops")),
  service_hours.post.collides = single("collides"), gives_up = single("gives_up"), cares_for_adult = single("carer"),
  day_satisfaction.own_time.satisfied.weekday = single("satisfied"))
numbers <- list(service_hours.post.travel_minutes = d$travel, service_hours.post.wait_minutes = d$wait)
rows <- list()
for (weighting in c("file", "post-stratified")) {
  base <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
  whole <- if (weighting == "file") base else postStratify(base, ~sex + age_group, population)
  put <- function(measure, question, answer, domain, x) {
    keep <- is_in(domain) & !is.na(x)
    if (sum(keep) < 75 && any(domain[2:3] != "all")) return()
    s <- whole; s$variables$x <- ifelse(is.na(x), 0, x) # outside the domain: of no weight
    s <- subset(s, keep)
    m <- svymean(~x, s)
    p <- as.numeric(coef(m)); v <- as.numeric(vcov(m)); df <- degf(s); t <- qt(0.975, df)
    if (measure == "share") {
      if (p == 0 || p == 1) return()
      n <- p * (1 - p) / v
      centre <- (p + t^2 / (2 * n)) / (1 + t^2 / n); half <- t * sqrt(p * (1 - p) / n + t^2 / (4 * n^2)) / (1 + t^2 / n)
      ci <- 100 * c(centre - half, centre + half); p <- 100 * p; se <- 100 * sqrt(v)
    } else { ci <- as.numeric(confint(m, df = df)); se <- sqrt(v) }
    rows[[length(rows) + 1]] <<- data.frame(weighting, measure, question, answer, sex = domain[1], age_group = domain[2], target_group = domain[3], value = p, se, low = ci[1], high = ci[2], df, n = sum(keep))
  }
  for (domain in domains) {
    for (q in names(questions)) for (a in names(questions[[q]])) put("share", q, a, domain, questions[[q]][[a]])
    for (q in names(numbers)) put("mean", q, "", domain, numbers[[q]])
  }
}
write.csv(do.call(rbind, rows), "answers_r_survey.csv", row.names = FALSE)
