# The time spent on activities by everybody, women and men on each kind of day, with standard errors, in R survey: a part of
# what `tempi analyse` does, to be set beside it. Weights are all one, so the estimates must be made without margins. Prints how
# many numbers it made, the seconds that they took (reading and the design left out) and how far ours are from them, relatively.
#
#   Rscript stage_in_r.R SNAPSHOT ESTIMATES
suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
read <- function(name) read.csv(file.path(arguments[1], name), colClasses = "character")
persons <- read("persons.csv")
diaries <- read("diaries.csv")
episodes <- read("episodes.csv")
activities <- subset(read("classification.csv"), level %in% c("1", "2"))

diaries <- subset(diaries, grade != "rejected")
days <- merge(diaries[c("diary_id", "person_id", "day_kind")],
              persons[c("person_id", "sex", "age", "household_id", "stratum", "cluster")], by = "person_id")
minutes <- as.integer(episodes$minutes)
for (place in seq_len(nrow(activities))) {
  prefixes <- strsplit(activities$members[place], " ")[[1]]
  begins <- function(prefixes) Reduce(`|`, lapply(prefixes, function(prefix) startsWith(episodes$main, prefix)), FALSE)
  is_in <- begins(prefixes[!startsWith(prefixes, "-")]) & !begins(substring(prefixes[startsWith(prefixes, "-")], 2))
  sums <- tapply(minutes[is_in], episodes$diary_id[is_in], sum)
  days[[paste0("a", place)]] <- as.numeric(ifelse(days$diary_id %in% names(sums), sums[days$diary_id], 0))
}
days$cluster[days$cluster == ""] <- days$household_id[days$cluster == ""]
days$cluster[days$cluster == ""] <- days$person_id[days$cluster == ""]
days$stratum[days$stratum == ""] <- "all"
days$everybody <- "all"
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = rep(1, nrow(days)), data = days, nest = TRUE)
names <- paste0("a", seq_len(nrow(activities)))
times <- system.time(found <- lapply(list(~everybody + day_kind, ~sex + day_kind), function(by) {
  svyby(reformulate(names), by, subset(design, sex != "X" | by[[2]][[2]] == "everybody"), svymean)
}))


estimates <- read.csv(file.path(arguments[2], "estimates.csv"), colClasses = "character")
estimates <- subset(estimates, indicator == "time_spent" & timeline == "main" & age_group == "all" & target_group == "all")
key <- paste(estimates$activity, estimates$sex, estimates$day)
compared <- 0
farthest <- 0
for (table in found) {
  n <- length(names)
  for (place in seq_along(names)) {
    at <- match(paste(activities$code[place], table[[1]], table[[2]]), key)
    ours <- suppressWarnings(cbind(as.numeric(estimates$value[at]), as.numeric(estimates$standard_error[at])))
    theirs <- cbind(table[[2 + place]], table[[2 + n + place]])
    apart <- abs(ours - theirs) / pmax(abs(theirs), 1e-3)
    compared <- compared + sum(!is.na(apart[, 1]))
    farthest <- max(farthest, apart, na.rm = TRUE)
  }
}
cat(sprintf("R survey: %d numbers in %.2f s (%.2f s of a processor); the %d of them that are published are at most %.0e apart\n",
            sum(sapply(found, nrow)) * length(names), times["elapsed"],
            times["user.self"] + times["sys.self"], compared, farthest))
