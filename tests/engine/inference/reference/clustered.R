# Reference values of test_clustered.py, one folder up: R 4.2.2, clubSandwich 0.5.8 (Debian 12).
# Rscript clustered.R, in this folder.
library(clubSandwich)
d <- read.csv("clustered.csv")
show <- function(fit, ...) {
  found <- coef_test(fit, vcov = vcovCR(fit, cluster = d$cluster, type = "CR2", ...), test = "Satterthwaite")
  print(data.frame(beta = format(found$beta, digits = 12), se = format(found$SE, digits = 12),
                   df = format(found$df_Satt, digits = 12), p = format(found$p_Satt, digits = 12),
                   row.names = names(coef(fit))))
}
show(lm(y ~ x + z + only + treated, data = d))
# Weighted: the working model's variances are inversely proportional to the weights, as on rows times root weights.
d$root <- sqrt(d$weight)
show(lm(I(y * root) ~ 0 + root + I(x * root) + I(z * root) + I(only * root) + I(treated * root), data = d))
