# The tasks of the benchmark in R survey. Reads FOLDER/diaries.csv, writes FOLDER/r.csv (every number with its standard
# error, to be compared) and FOLDER/r_times.csv (the best of several runs, seconds; reading and the design left out).
#
#   Rscript survey.R FOLDER TASK...
suppressPackageStartupMessages(library(survey))
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
wanted <- arguments[-1]

text <- c(slots = "character", stratum = "character", cluster = "character", sex = "character", zone = "character",
          age = "character", education = "character", domain = "integer")
diaries <- read.csv(file.path(folder, "diaries.csv"), colClasses = text)
digits <- t(vapply(strsplit(diaries$slots, "", fixed = TRUE), as.integer, integer(144)))
minutes <- paste0("minutes_", 0:9)

results <- list()
times <- data.frame(task = character(), seconds = numeric())
best_of <- function(n, task, run) {
  if (!(task %in% wanted)) return(NULL)
  seconds <- numeric(n)
  for (i in seq_len(n)) seconds[i] <- system.time(found <- run())["elapsed"]
  times[nrow(times) + 1, ] <<- list(task, min(seconds))
  found
}
add <- function(task, domain, variable, value, error) {
  results[[length(results) + 1]] <<- data.frame(task = task, domain = domain, variable = variable, value = value, error = error)
}
# A table of svyby: one row per domain, the values, then as many standard errors.
add_table <- function(task, found, n, prefix = "") {
  value <- as.matrix(found[, 1 + seq_len(n)])
  error <- as.matrix(found[, 1 + n + seq_len(n)])
  for (j in seq_len(n)) add(task, as.character(found[[1]]), paste0(prefix, j - 1), value[, j], error[, j])
}

design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = diaries, nest = TRUE)

found <- best_of(3, "domains", function() svyby(reformulate(minutes), ~domain, design, svymean))
if (!is.null(found)) add_table("domains", found, 10)

found <- best_of(2, "tempogram", function() {
  lapply(1:144, function(slot) {
    of_slot <- design
    for (activity in 0:9) of_slot$variables[[paste0("a", activity)]] <- as.numeric(digits[, slot] == activity)
    svyby(reformulate(paste0("a", 0:9)), ~sex, of_slot, svymean)
  })
})
if (!is.null(found)) for (slot in 1:144) add_table("tempogram", found[[slot]], 10, paste0(slot - 1, "/"))

margins <- lapply(c(sex = "sex", zone = "zone", age = "age", education = "education"), function(name) {
  read.csv(file.path(folder, paste0("margin_", name, ".csv")), colClasses = c("character", "numeric"))
})
found <- best_of(3, "raking", function() {
  rake(design, list(~sex, ~zone, ~age, ~education), unname(margins), control = list(maxit = 1000, epsilon = 1e-13))
})
if (!is.null(found)) add("raking", seq_len(nrow(diaries)) - 1, "weight", weights(found), 0)

if ("replicates" %in% wanted) {
  of_clusters <- as.matrix(read.csv(file.path(folder, "replicates.csv"), header = FALSE))
  factors <- of_clusters[as.integer(substring(diaries$cluster, 2)) + 1, ]
  diaries$tenth <- diaries$domain %% 10
  replicated <- svrepdesign(data = diaries, weights = diaries$weight, repweights = diaries$weight * factors,
                            type = "other", scale = 1 / ncol(factors), rscales = 1, combined.weights = TRUE, mse = TRUE)
  found <- best_of(2, "replicates", function() svyby(reformulate(minutes), ~tenth, replicated, svymean))
  add_table("replicates", found, 10)
}

results <- do.call(rbind, results)
results$value <- sprintf("%.17g", results$value)
results$error <- sprintf("%.17g", results$error)
write.csv(results, file.path(folder, "r.csv"), row.names = FALSE, quote = FALSE)
write.csv(times, file.path(folder, "r_times.csv"), row.names = FALSE, quote = FALSE)
