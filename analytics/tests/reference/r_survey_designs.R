# Makes `r_survey_designs.csv` and `r_survey_designs.json`: designs and estimators that the examples of R survey do not
# reach. R 4.2.2, survey 4.1-1 (Debian r-base-core, r-cran-survey). Run in this folder: Rscript r_survey_designs.R
#
# The sample is drawn from random numbers, with cluster labels that start again in every stratum and cluster, a stratum
# taken as a whole at the first stage, values that are missing and weights of zero.
suppressMessages({library(survey)})
options(digits = 17)
set.seed(20261123)

rows <- list()
shape <- list(a = list(n = 3, N = 12), b = list(n = 4, N = 9), c = list(n = 2, N = 2))
for (s in names(shape)) for (p in seq_len(shape[[s]]$n)) {
  M <- sample(4:8, 1); m <- sample(2:3, 1); level <- rnorm(1, 50, 10)
  for (h in seq_len(m)) {
    K <- sample(3:5, 1); k <- sample(2:3, 1)
    for (i in seq_len(k)) rows[[length(rows) + 1]] <- data.frame(
      stratum = s, psu = p, household = h, person = i, n_psu = shape[[s]]$N, n_household = M, n_person = K,
      y = round(level + rnorm(1, 0, 8), 3), x = round(runif(1, 1, 9), 3),
      sex = sample(c("F", "M"), 1), age = sample(c("old", "mid", "young"), 1))
  }
}
d <- do.call(rbind, rows)
d$z <- d$x + rbinom(nrow(d), 1, 0.5) * d$y / 10
d$did <- as.numeric(d$y + rnorm(nrow(d), 0, 5) > 50)
d$half <- ifelse(seq_len(nrow(d)) %% 2 == 0, "even", "odd")
d$w <- round(runif(nrow(d), 1, 20), 2)
d$w0 <- d$w; d$w0[c(2, 11, 12, 30)] <- 0
d$gaps <- d$y; d$gaps[c(5, 6, 17)] <- NA
d$alone <- ifelse(d$stratum == "a" & d$psu == 1, "a1", ifelse(d$stratum == "c" & d$psu == 2, "c2", d$stratum))
write.csv(d, "r_survey_designs.csv", row.names = FALSE, quote = FALSE)
d <- read.csv("r_survey_designs.csv", na.strings = "NA")
d$id <- seq_len(nrow(d))

designs <- list(
  three_stages = svydesign(~psu + household + person, strata = ~stratum, fpc = ~n_psu + n_household + n_person,
                           data = d, nest = TRUE),
  two_stages = svydesign(~psu + household, strata = ~stratum, fpc = ~n_psu + n_household, weights = ~w, data = d, nest = TRUE),
  strata_twice = { e <- d; e$n_here <- ave(rep(1, nrow(e)), e$stratum, e$psu, e$half, FUN = length)
                   e$n_half <- e$n_here * 2
                   svydesign(~psu + id, strata = ~stratum + half, fpc = ~n_psu + n_half, weights = ~w, data = e, nest = TRUE) },
  zero_weights = svydesign(~psu, strata = ~stratum, weights = ~w0, data = d, nest = TRUE),
  ultimate = svydesign(~psu, strata = ~stratum, weights = ~w, data = d, nest = TRUE))
collapsed <- d
# In the order a, a1, b, c, c2: `a` has two clusters; `a1` (one) joins `b`; `c` (one) joins `c2`.
collapsed$joined <- c(a = "a", a1 = "b", b = "b", c = "c", c2 = "c")[collapsed$alone]
collapsed$cluster <- paste(d$stratum, d$psu)
designs$collapsed <- svydesign(~cluster, strata = ~joined, weights = ~w, data = collapsed)

cases <- list()
add <- function(id, ...) cases[[length(cases) + 1]] <<- list(id = id, ...)
stat <- function(s) list(estimate = as.vector(coef(s)), vcov = as.vector(unname(as.matrix(vcov(s)))))
for (name in names(designs)) {
  g <- designs[[name]]
  put <- function(what, s, ...) do.call(add, c(list(id = paste0(name, "/", what)), stat(s), ...))
  add(paste0(name, "/degf"), estimate = degf(g))
  put("mean", svymean(~y + x, g)); put("total", svytotal(~y + x, g)); put("ratio", svyratio(~y, ~x, g))
  put("proportions", svymean(~factor(age), g)); put("variance", svyvar(~y, g)); put("variances", svyvar(~y + x, g))
  women <- subset(g, sex == "F" & age == "old")
  put("domain", svymean(~y, women), list(df = degf(women)))
  put("missing", svymean(~gaps, g, na.rm = TRUE), list(df = degf(subset(g, !is.na(gaps)))))
  put("deff_mean", m <- svymean(~y, g, deff = TRUE), list(deff = as.vector(deff(m))))
  put("deff_mean_replace", m <- svymean(~y, g, deff = "replace"), list(deff = as.vector(deff(m))))
  put("deff_total_replace", m <- svytotal(~y, g, deff = "replace"), list(deff = as.vector(deff(m))))
  r <- svyratio(~y, ~x, g, deff = TRUE)
  put("deff_ratio", r, list(deff = as.vector(attr(r, "deff"))))
  by <- svyby(~y, ~sex, g, svymean, covmat = TRUE)
  put("by", by); put("difference", svycontrast(by, c(F = 1, M = -1)))
  put("asymmetry", svycontrast(by, quote(F / (F + M)))); put("care_gap", svycontrast(by, quote((F - M) / M)))
  put("by_crossed", svyby(~y, ~sex + age, g, svymean, covmat = TRUE))
  four <- svyby(~y, ~sex + half, g, svymean, covmat = TRUE)
  put("ratio_of_gaps", svycontrast(four, quote((`F.even` - `M.even`) / (`F.odd` - `M.odd`))))
  put("linear", svyglm(y ~ x + z, g))
  put("logistic", svyglm(did ~ x + z, g, family = quasibinomial, control = list(epsilon = 1e-15, maxit = 100)))
  for (q in c("F", "Chisq", "Wald", "adjWald")) {
    t <- try(svychisq(~sex + age, g, statistic = q), silent = TRUE)
    if (!inherits(t, "try-error"))
      add(paste0(name, "/chisq_", q), estimate = unname(as.vector(t$statistic)), parameter = unname(t$parameter), p = unname(as.vector(t$p.value)))
  }
  for (rule in c("math", "school", paste0("hf", 1:9))) {
    q <- svyquantile(~y, g, c(.13, .25, .5, .82), qrule = rule)[[1]]
    add(paste0(name, "/quantile_", rule), estimate = unname(q[, 1]), ci = as.vector(t(q[, 2:3])), se = unname(q[, 4]))
  }
  for (type in c("xlogit", "beta", "asin")) {
    q <- svyquantile(~y, g, c(.25, .5), interval.type = type)[[1]]
    add(paste0(name, "/quantile_interval_", type), estimate = unname(q[, 1]), ci = as.vector(t(q[, 2:3])), se = unname(q[, 4]))
  }
  m <- svymean(~did, g); p <- coef(m)[[1]]; V <- vcov(m)[[1]]; df <- degf(g); t <- qt(.975, df)
  ne <- p * (1 - p) / V
  centre <- (p + t^2 / (2 * ne)) / (1 + t^2 / ne); half <- t / (1 + t^2 / ne) * sqrt(p * (1 - p) / ne + t^2 / (4 * ne^2))
  add(paste0(name, "/wilson"), estimate = p, ci = c(centre - half, centre + half))
  # The likelihood interval without R's interpolation: the profile's own roots.
  n <- sum(weights(g) != 0)
  root <- function(b) sqrt(pmax(0, 2 * (n - 1) * (p * log(p / plogis(b)) + (1 - p) * log((1 - p) / plogis(-b))))) - t * sqrt(n * V / (p * (1 - p)))
  b0 <- qlogis(p)
  add(paste0(name, "/likelihood"), estimate = p, ci = plogis(c(uniroot(root, c(b0 - 9, b0), tol = 1e-15)$root, uniroot(root, c(b0, b0 + 9), tol = 1e-15)$root)))
}
# Calibration inside first-stage clusters, to totals that are 1.1 times the sample's (R's `stage`).
g <- svydesign(~psu + household, strata = ~stratum, fpc = ~n_psu + n_household, data = d, nest = TRUE)
cluster <- as.character(g$cluster[[1]]); conditional <- weights(g) * g$allprob[[1]]
known <- lapply(unique(cluster), function(i) { at <- cluster == i
  c(`(Intercept)` = 1.1 * sum(conditional[at]), x = 1.05 * sum((conditional * d$x)[at])) })
g <- calibrate(g, ~x, population = known, stage = 1)
add("within_clusters/weights", estimate = unname(weights(g)))
for (what in c("mean", "total")) { s <- get(paste0("svy", what))(~y + x, g); do.call(add, c(list(id = paste0("within_clusters/", what)), stat(s))) }
do.call(add, c(list(id = "within_clusters/women"), stat(svymean(~y, subset(g, sex == "F")))))

number <- function(v) paste0("[", paste(ifelse(is.finite(v), sprintf("%.17g", v), "null"), collapse = ", "), "]")
body <- vapply(cases, function(case) paste0("    {\"id\": \"", case$id, "\", ", paste(vapply(setdiff(names(case), "id"), function(field)
  paste0("\"", field, "\": ", number(case[[field]])), ""), collapse = ", "), "}"), "")
writeLines(c("{", "  \"provenance\": \"R 4.2.2, survey 4.1-1; made by r_survey_designs.R, whose calls the ids name\",",
             "  \"cases\": [", paste(body, collapse = ",\n"), "  ]", "}"), "r_survey_designs.json")
