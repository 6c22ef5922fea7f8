# Loads the design of the public-use file in the three lines that the page of data prints, and writes the mean of every column
# of minutes, its standard error, and the degrees of freedom. Called as: Rscript check.R DATA_FOLDER LINE LINE LINE
arguments <- commandArgs(trailingOnly = TRUE)
setwd(arguments[1])
for (line in arguments[-1]) eval(parse(text = line))
columns <- grep("^minutes_", names(giornate), value = TRUE)
for (column in columns) {
    mean <- svymean(as.formula(paste0("~", column)), disegno)
    cat(column, format(coef(mean)[[1]], digits = 15), format(SE(mean)[[1]], digits = 15), degf(disegno), "\n")
}
total <- svytotal(~minutes_3, disegno)
cat("total_minutes_3", format(coef(total)[[1]], digits = 15), format(SE(total)[[1]], digits = 15), degf(disegno), "\n")
