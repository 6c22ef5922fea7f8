# Reference cases for weights and replicates that the common ones leave out. Made with R 4.2.2, survey 4.1-1:
#   Rscript weights.R
# writes weights_schools.csv (inputs and weights, row by row: the schools of `apiclus1`), weights_pairs.csv (a small
# stratified sample made here, with R's half-samples) and weights.json (everything else).
suppressMessages(library(survey))
data(api)
full <- function(x) format(x, digits = 17, trim = TRUE)
json <- function(x) paste0("[", paste(full(x), collapse = ", "), "]")
out <- character()
say <- function(name, value) out <<- c(out, paste0("  \"", name, "\": ", value))
both <- function(name, stat) say(name, json(c(coef(stat), SE(stat))))

dclus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1)
model <- ~stype + api99
totals <- c(`(Intercept)` = 6194, stypeH = 755, stypeM = 1018, api99 = 3914069)
tight <- 1e-13
columns <- list(
  cal_raking_bounds = calibrate(dclus1, model, totals, calfun = "raking", bounds = c(0.5, 1.6), epsilon = tight, maxit = 500),
  cal_logit_bounds = calibrate(dclus1, model, totals, calfun = "logit", bounds = c(0.4, 1.7), epsilon = tight, maxit = 500),
  cal_linear_const = calibrate(dclus1, model, totals, calfun = "linear", bounds = c(18, 58), bounds.const = TRUE, epsilon = tight, maxit = 500),
  cal_linear_variance = calibrate(dclus1, model, totals, calfun = "linear", variance = apiclus1$enroll),
  cal_raking_variance = calibrate(dclus1, model, totals, calfun = "raking", variance = apiclus1$enroll / 500, epsilon = tight, maxit = 500),
  cal_raking_agg1 = calibrate(dclus1, ~api99, totals[c(1, 4)], calfun = "raking", aggregate.stage = 1, epsilon = tight, maxit = 500),
  trim_strict = trimWeights(calibrate(dclus1, model, totals), lower = 20, upper = 50, strict = TRUE)
)
# A third margin.
growth <- xtabs(~comp.imp, apipop)
columns$rake_three <- rake(dclus1, list(~stype, ~sch.wide, ~comp.imp),
  list(xtabs(~stype, apipop), xtabs(~sch.wide, apipop), growth), control = list(epsilon = 1e-13, maxit = 1000))
# A category that nobody in the sample is in, left out.
some <- subset(dclus1, stype != "H")$variables
partial <- svydesign(id = ~dnum, weights = ~pw, data = some)
partial <- suppressWarnings(postStratify(partial, ~stype, xtabs(~stype, apipop), partial = TRUE))
say("partial_weight_E_M", json(tapply(weights(partial), as.character(some$stype), unique)[c("E", "M")]))
say("stype_totals", json(xtabs(~stype, apipop)))
say("schwide_totals", json(xtabs(~sch.wide, apipop)))
say("compimp_totals", json(growth))

glm <- svyglm(I(awards == "Yes") ~ api99 + stype, design = dclus1, family = quasibinomial(), control = list(epsilon = 1e-14, maxit = 100))
say("propensity_coefficients", json(coef(glm)))
table <- data.frame(apiclus1[c("stype", "sch.wide", "comp.imp", "awards", "dnum", "api99", "api00", "enroll", "pw")],
  sapply(columns, weights), propensity = as.vector(fitted(glm)))
for (name in names(table)) if (is.numeric(table[[name]])) table[[name]] <- full(table[[name]])
write.csv(table, "weights_schools.csv", row.names = FALSE, quote = FALSE)
for (name in names(columns)) if (name != "trim_strict") both(name, svymean(~api00, columns[[name]]))

# Nonresponse in classes: those with an award answered.
answered <- apiclus1$awards == "Yes"
all <- tapply(apiclus1$pw, apiclus1$stype, sum); some <- tapply(apiclus1$pw[answered], apiclus1$stype[answered], sum)
say("class_factors", json(all / some))

# Base weights of two stages.
dclus2 <- svydesign(id = ~dnum + snum, fpc = ~fpc1 + fpc2, data = apiclus2)
say("base_weights_dnum", json(apiclus2$dnum)); say("base_weights_snum", json(apiclus2$snum))
say("base_weights_fpc1", json(apiclus2$fpc1)); say("base_weights_fpc2", json(apiclus2$fpc2))
say("base_weights", json(weights(dclus2)))

# Replicates calibrated one by one.
jk <- as.svrepdesign(dclus1)
both("jk_cal_linear", svymean(~api00, calibrate(jk, model, totals)))
both("jk_cal_raking", svymean(~api00, calibrate(jk, model, totals, calfun = "raking", epsilon = tight, maxit = 500)))
both("jk_cal_logit", svymean(~api00, calibrate(jk, model, totals, calfun = "logit", bounds = c(0.2, 4), epsilon = tight, maxit = 500)))
both("jk_post", svymean(~api00, postStratify(jk, ~stype, xtabs(~stype, apipop))))
say("jk_degf_domain_H", full(degf(subset(jk, stype == "H"))))

# Half-samples: six strata of two, four and four clusters (in pairs) or as halves.
pairs <- expand.grid(unit = 1:3, cluster = 1:4, stratum = 1:6)
pairs <- pairs[pairs$stratum > 2 | pairs$cluster <= 2, ]
pairs$psu <- 10 * pairs$stratum + pairs$cluster
pairs$w <- 1 + pairs$psu %% 7 / 4
pairs$y <- (pairs$psu * pairs$unit * 13) %% 29 + pairs$stratum
pairs$x <- 5 + (pairs$psu * pairs$unit * 5) %% 11
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = pairs)
half <- list(brr_split = as.svrepdesign(design, type = "BRR", compress = FALSE),
  brr_merge = as.svrepdesign(design, type = "BRR", large = "merge", compress = FALSE),
  fay_split = as.svrepdesign(design, type = "Fay", fay.rho = 0.3, compress = FALSE))
for (name in names(half)) {
  both(paste0(name, "_total"), svytotal(~y, half[[name]]))
  ratio <- svyratio(~y, ~x, half[[name]])
  both(paste0(name, "_ratio"), ratio)
  say(paste0(name, "_scale"), full(half[[name]]$scale))
  say(paste0(name, "_degf"), full(degf(half[[name]])))
  say(paste0(name, "_n"), full(ncol(weights(half[[name]], "analysis"))))
}
replicates <- unclass(weights(half$brr_split, "analysis")); colnames(replicates) <- paste0("brr", seq_len(ncol(replicates)))
fay <- unclass(weights(half$fay_split, "analysis")); colnames(fay) <- paste0("fay", seq_len(ncol(fay)))
table <- data.frame(pairs, replicates, fay)
for (name in names(table)) table[[name]] <- full(table[[name]])
write.csv(table, "weights_pairs.csv", row.names = FALSE, quote = FALSE)

# A stratum with one cluster: the jackknife under each rule.
lonely <- pairs[pairs$stratum != 2 | pairs$cluster == 1, ]
for (rule in c("remove", "certainty", "average", "adjust")) {
  options(survey.lonely.psu = rule)
  design <- svydesign(id = ~psu, strata = ~stratum, weights = ~w, data = lonely)
  both(paste0("lonely_", rule), svymean(~y, as.svrepdesign(design, type = "JKn")))
}
writeLines(c("{", paste(out, collapse = ",\n"), "}"), "weights.json")
