"""What statistical programs print of a model of 12,000 persons: nobody is in it, and nothing of it is a small count."""

R_GLM = """\

Call:
glm(formula = death ~ age + sex, family = binomial, data = d)

Coefficients:
             Estimate Std. Error z value Pr(>|z|)
(Intercept) -3.211000   0.120000 -26.758  < 2e-16 ***
age          0.021000   0.003000   7.000 2.56e-12 ***
sexM        -0.310000   0.050000  -6.200 5.65e-10 ***
---
Signif. codes:  0 ‘***’ 0.001 ‘**’ 0.01 ‘*’ 0.05 ‘.’ 0.1 ‘ ’ 1

(Dispersion parameter for binomial family taken to be 1)

    Null deviance: 6441.8  on 11999  degrees of freedom
Residual deviance: 6240.8  on 11997  degrees of freedom
AIC: 6246.8

Number of Fisher Scoring iterations: 6
"""
R_COXPH = """\
Call:
coxph(formula = Surv(time, status) ~ age + sex, data = d)

  n= 12000, number of events= 1650

         coef exp(coef) se(coef)      z Pr(>|z|)
age  0.017045  1.017191 0.009223  1.848   0.0646 .
sex -0.513219  0.598566 0.167458 -3.065   0.0022 **
---
Signif. codes:  0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1

    exp(coef) exp(-coef) lower .95 upper .95
age    1.0172     0.9831    0.9990    1.0357
sex    0.5986     1.6707    0.4311    0.8311

Concordance= 0.603  (se = 0.025 )
Likelihood ratio test= 14.12  on 2 df,   p=9e-04
Wald test            = 13.47  on 2 df,   p=0.001
"""
STATSMODELS_LOGIT = """\
                           Logit Regression Results
==============================================================================
Dep. Variable:                  death   No. Observations:                12000
Model:                          Logit   Df Residuals:                    11997
Method:                           MLE   Df Model:                            2
Date:                Mon, 02 Nov 2026   Pseudo R-squ.:                 0.03120
Time:                        10:11:12   Log-Likelihood:                -3120.4
converged:                       True   LL-Null:                       -3220.9
Covariance Type:            nonrobust   LLR p-value:                 2.314e-44
==============================================================================
                 coef    std err          z      P>|z|      [0.025      0.975]
------------------------------------------------------------------------------
Intercept     -3.2110      0.120    -26.758      0.000      -3.446      -2.976
age            0.0210      0.003      7.000      0.000       0.015       0.027
sex           -0.3100      0.050     -6.200      0.000      -0.408      -0.212
==============================================================================
"""
PRINTED = {"glm of R": R_GLM, "coxph of R": R_COXPH, "logit of statsmodels": STATSMODELS_LOGIT}
