"""Log likelihoods of counts with 50 digits: python tools/reference/likelihoods.py OUT.tsv (mpmath; see README)."""
import itertools
import sys

from mpmath import digamma, exp, log, loggamma, mp, mpf

mp.dps = 50
E = mpf("1e-8")
COUNTS = ["0", "1", "3", "16", "17", "250", "40000", "3.7", "0.25", "20.5", "12345678"]
MEANS = ["1e-12", "1e-6", "0.004", "0.9", "2.5", "180", "30000", "1e9"]
THETAS = ["1e-12", "1e-6", "0.02", "0.7", "1.2", "35", "1e4", "1e6", "1e8", "1e12"]
LOGITS = ["-60", "-1", "0.3", "2", "45"]


def rising(x, theta):
    return loggamma(x + theta) - loggamma(theta) - loggamma(x + 1)


def nb(x, mu, theta):
    total = theta + mu + E
    return theta * log((theta + E) / total) + x * log((mu + E) / total) + rising(x, theta)


def softplus(x):
    return log(1 + exp(x))


def zinb(x, mu, theta, logit):
    none = softplus(-logit)
    if x == 0:
        return softplus(theta * log((theta + E) / (theta + mu + E)) - logit) - none
    return nb(x, mu, theta) - logit - none


def poisson(x, mu):
    return x * log(mu) - mu - loggamma(x + 1)


def main(path):
    rows = []
    for k, (x, mu, theta) in enumerate(itertools.product(COUNTS, MEANS, THETAS)):
        a = [mpf(v) for v in (x, mu, theta)]
        if k % 3 == 0:
            rows.append(("nb", x, mu, theta, "0", nb(*a)))
        if k % 7 == 0:
            logit = LOGITS[k // 7 % len(LOGITS)]
            rows.append(("zinb", x, mu, theta, logit, zinb(*a, mpf(logit))))
    for x, theta in itertools.product(COUNTS, THETAS):
        a = mpf(x), mpf(theta)
        rows.append(("rising", x, "0", theta, "0", rising(*a)))
        rows.append(("digamma", x, "0", theta, "0", digamma(a[0] + a[1]) - digamma(a[1])))
    rows += [("poisson", x, mu, "0", "0", poisson(mpf(x), mpf(mu))) for x, mu in itertools.product(COUNTS, MEANS)]
    with open(path, "w") as f:
        f.write("what\tx\tmu\ttheta\tlogit\tvalue\n")
        for row in rows:
            f.write("\t".join(row[:-1]) + "\t" + mp.nstr(row[-1].real, 17) + "\n")
    print(len(rows), "rows")


if __name__ == "__main__":
    main(sys.argv[1])
