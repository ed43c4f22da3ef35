"""Compares our statistics with scipy's and statsmodels'.

Reads a file of JSON lines [function, arguments, our values] and prints one line a value that differs by more than 1e-9
relative from the packages' and, where mpmath can say, from the true value in 40 digits. The last line says how much was
compared, and how often the packages themselves were off.
"""

import json
import sys
import warnings

import mpmath as mp
import numpy as np
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

warnings.filterwarnings("ignore")
mp.mp.dps = 40
TOLERANCE = 1e-9


def mp_cdf(r, n, p):
    """P(R <= r): mpmath's incomplete beta, summed only where that is cheap."""
    if r < 0:
        return mp.mpf(0)
    if r >= n:
        return mp.mpf(1)
    p = mp.mpf(p)
    if r <= 3000:
        term = (1 - p) ** n
        total = term
        for k in range(r):
            term *= mp.mpf(n - k) / (k + 1) * p / (1 - p)
            total += term
        return total
    if n - r <= 3000:
        term = p**n
        total = mp.mpf(0)
        for k in range(n - r):
            total += term
            term *= mp.mpf(n - k) / (k + 1) * (1 - p) / p
        return 1 - total
    # Summed downwards from the mode's side until nothing is added any more.
    return 1 - mp_above(r, n, p) if r > n * p else mp_below(r, n, p)


def mp_pmf(r, n, p):
    p = mp.mpf(p)
    return mp.exp(
        mp.loggamma(n + 1) - mp.loggamma(r + 1) - mp.loggamma(n - r + 1) + r * mp.log(p) + (n - r) * mp.log(1 - p)
    )


def mp_below(r, n, p):
    term = mp_pmf(r, n, p)
    total = mp.mpf(0)
    while r >= 0 and term > total * mp.mpf(10) ** -30:
        total += term
        term *= mp.mpf(r) / (n - r + 1) * (1 - p) / p
        r -= 1
    return total


def mp_above(r, n, p):
    r += 1
    term = mp_pmf(r, n, p) if r <= n else mp.mpf(0)
    total = mp.mpf(0)
    while r <= n and term > total * mp.mpf(10) ** -30:
        total += term
        term *= mp.mpf(n - r) / (r + 1) * p / (1 - p)
        r += 1
    return total


def binomial(n, p, r):
    return [stats.binom.pmf(r, n, p), stats.binom.cdf(r, n, p), stats.binom.sf(r, n, p)]


def binomial_exact(n, p, r):
    pmf = mp_pmf(r, n, p) if 0 < p < 1 else None
    below = mp_below(r, n, mp.mpf(p))
    above = mp_above(r, n, mp.mpf(p))
    # The smaller tail is summed, the larger is its complement.
    return [pmf, 1 - above if above < 0.5 else below, 1 - below if below < 0.5 else above]


def smallest(n, p, tail, upper, r):
    """Whether r is the smallest count, and the interpolated limit."""
    pmf = mp_pmf(r, n, p)
    if upper:
        above = mp_above(r, n, mp.mpf(p))
        excess = mp.mpf(tail) - above
    else:
        below = mp_below(r, n, mp.mpf(p))
        excess = below - mp.mpf(tail)
    return 0 <= excess < pmf, (r - excess / pmf) / n


def funnel(n, p, tail, upper):
    q = 1 - tail if upper else tail
    r = stats.binom.ppf(q, n, p)
    at = stats.binom.cdf(r, n, p)
    return [r, (r - (at - q) / (at - stats.binom.cdf(r - 1, n, p))) / n]


def funnel_exact(n, p, tail, upper, ours):
    is_smallest, limit = smallest(n, p, tail, upper, int(ours[0]))
    return [ours[0] if is_smallest else None, limit]


def clopper(x, n, confidence):
    tail = (1 - confidence) / 2
    return [
        stats.beta.ppf(tail, x, n - x + 1) if x > 0 else 0.0,
        stats.beta.isf(tail, x + 1, n - x) if x < n else 1.0,
    ]


def clopper_exact(x, n, confidence, ours):
    """Whether the tail beyond each limit is what it should be, turned into a relative error of the limit."""
    tail = (1 - mp.mpf(confidence)) / 2
    values = []
    for limit, r, lower in ((ours[0], x, True), (ours[1], x, False)):
        if (lower and x == 0) or (not lower and x == n):
            values.append(limit)
            continue
        p = mp.mpf(limit)
        if lower:
            got = mp_above(r - 1, n, p)
            slope = mp_pmf(r, n, p) * r / p
        else:
            got = mp_below(r, n, p)
            slope = -mp_pmf(r, n, p) * (n - r) / (1 - p)
        values.append(p - (got - tail) / slope)
    return values


def garwood(x, confidence):
    tail = (1 - confidence) / 2
    return [stats.chi2.ppf(tail, 2 * x) / 2 if x > 0 else 0.0, stats.chi2.isf(tail, 2 * x + 2) / 2]


def garwood_exact(x, confidence, ours):
    tail = (1 - mp.mpf(confidence)) / 2
    values = []
    for limit, shape, lower in ((ours[0], x, True), (ours[1], x + 1, False)):
        if limit == 0:
            values.append(0.0)
            continue
        v = mp.mpf(limit)
        got = mp.gammainc(shape, 0, v, regularized=True) if lower else mp.gammainc(shape, v, mp.inf, regularized=True)
        density = mp.exp((shape - 1) * mp.log(v) - v - mp.loggamma(shape))
        values.append(v - (got - tail) / (density if lower else -density))
    return values


def wilson(x, n, confidence, corrected):
    interval = stats.binomtest(x, n).proportion_ci(confidence, "wilsoncc" if corrected else "wilson")
    return [interval.low, interval.high]


def jeffreys(x, n, confidence):
    tail = (1 - confidence) / 2
    return [stats.beta.ppf(tail, x + 0.5, n - x + 0.5), stats.beta.isf(tail, x + 0.5, n - x + 0.5)]


def jeffreys_exact(x, n, confidence, ours):
    tail = (1 - mp.mpf(confidence)) / 2
    a, b = mp.mpf(x) + 0.5, mp.mpf(n - x) + 0.5
    values = []
    for limit, lower in ((ours[0], True), (ours[1], False)):
        p = mp.mpf(limit)
        bounds = (0, p) if lower else (p, 1)
        got = mp.betainc(a, b, *bounds, regularized=True)
        density = mp.exp((a - 1) * mp.log(p) + (b - 1) * mp.log(1 - p) - mp.log(mp.beta(a, b)))
        values.append(p - (got - tail) / (density if lower else -density))
    return values


def fisher(x, n, y, m):
    return [stats.fisher_exact([[x, n - x], [y, m - y]])[1]]


def normal(tail):
    return [stats.norm.isf(tail)]


def expanded(rows, width):
    """One time and status a follow-up: 0 censored, then one number a kind of event."""
    times, status = [], []
    for row in rows:
        for kind in range(width):
            times += [row[0]] * row[1 + kind]
            status += [0 if kind == width - 1 else kind + 1] * row[1 + kind]
    return np.array(times, float), np.array(status)


def survival(rows, shares):
    """S, its log-log limits and error at each time with events; quantiles with their intervals."""
    times, status = expanded(rows, 2)
    curve = SurvfuncRight(times, status)
    values = []
    for s, error in zip(curve.surv_prob, curve.surv_prob_se):
        values.append(s)
        if 0 < s < 1:
            z = stats.norm.isf(0.025)
            width = z * error / (s * -np.log(s))
            values += [s ** np.exp(width), s ** np.exp(-width)]
    # The package's own interval is empty where no step lies within it, so Brookmeyer and Crowley's definition is applied
    # to its survival and errors: the first times at which the lower and the upper limit have come down to the share.
    for share in shares:
        q = curve.quantile(share)
        values.append(-1 if not np.isfinite(q) else q)
        found = [-1, -1]
        for time, s, error in zip(curve.surv_times, curve.surv_prob, curve.surv_prob_se):
            limits = (s, s)
            if 0 < s < 1:
                width = stats.norm.isf(0.025) * error / (s * -np.log(s))
                limits = (s ** np.exp(width), s ** np.exp(-width))
            found = [time if f < 0 and limit <= 1 - share else f for f, limit in zip(found, limits)]
        values += found
    return values


def incidence(rows):
    times, status = expanded(rows, 3)
    curve = CumIncidenceRight(times, status)
    values = []
    for k in range(len(curve.times)):
        values += [curve.cinc[0][k], curve.cinc[1][k], curve.cinc_se[0][k]]
    return values


def overdispersion(events, trials, winsorised):
    x, n = np.array(events, float), np.array(trials, float)
    target = x.sum() / n.sum()
    z = (np.arcsin(np.sqrt(x / n)) - np.arcsin(np.sqrt(target))) * 2 * np.sqrt(n)
    if winsorised > 0:
        z = np.clip(z, np.quantile(z, winsorised), np.quantile(z, 1 - winsorised))
    ratio = np.mean(z**2)
    w = 4 * n
    excess = ratio * len(n) - (len(n) - 1)
    between = 0.0 if excess <= 0 else excess / (w.sum() - (w**2).sum() / w.sum())
    width = stats.norm.isf(0.001) * np.sqrt(1 / w + between)
    centre = np.arcsin(np.sqrt(target))
    low = [np.sin(v) ** 2 if v > 0 else -1 for v in centre - width]
    high = [np.sin(min(v, np.pi / 2)) ** 2 for v in centre + width]
    return [target, ratio, between] + low + high


def bayes(events, trials):
    x, n = np.array(events, float), np.array(trials, float)
    m = x.sum() / n.sum()
    spread = (n * (x / n - m) ** 2).sum() / n.sum()
    a = max(0.0, spread - m / n.mean())
    if a == 0:
        return [m, 0.0] + [m] * len(n)
    return [m, a] + list(m + (x / n - m) * a / (a + m / n))


def cusum(expected, ratio, limit, positions, items):
    """Item by item, as the definition says."""
    raised = ratio * expected / (1 - expected + ratio * expected)
    up, down = np.log(raised / expected), np.log((1 - raised) / (1 - expected))
    z, values, where = 0.0, [], set(positions)
    for item in range(1, items + 1):
        z = max(0.0, z + (up if item in where else down))
        if item in where:
            values += [z, float(z >= limit)]
            if z >= limit:
                z = 0.0
    return values + [z]


def between(gaps):
    mean = np.mean(gaps)
    p = 1 / (mean + 1)
    # scipy's geometric counts from 1.
    return [mean, np.median(gaps)] + [stats.geom.ppf(q, p) - 1 for q in (0.00135, 0.5, 0.99865)]


PACKAGES = {
    f.__name__: f
    for f in (
        binomial, funnel, clopper, garwood, wilson, jeffreys, fisher, normal, survival, incidence, overdispersion,
        bayes, cusum, between,
    )
}
EXACT = {
    "binomial": lambda arguments, ours: binomial_exact(*arguments),
    "funnel": lambda arguments, ours: funnel_exact(*arguments, ours),
    "clopper": lambda arguments, ours: clopper_exact(*arguments, ours),
    "garwood": lambda arguments, ours: garwood_exact(*arguments, ours),
    "jeffreys": lambda arguments, ours: jeffreys_exact(*arguments, ours),
}


def differs(ours, theirs):
    if theirs is None or ours is None:
        return True
    ours, theirs = mp.mpf(ours), mp.mpf(float(theirs)) if not isinstance(theirs, mp.mpf) else theirs
    if not mp.isfinite(theirs):
        return True
    # Below the smallest normal double no program has nine digits.
    return abs(ours - theirs) > TOLERANCE * abs(theirs) + mp.mpf("1e-300")


def main():
    compared = 0
    off = {}
    wrong = 0
    for line in open(sys.argv[1]):
        name, arguments, ours = json.loads(line)
        theirs = list(PACKAGES[name](*arguments))
        if len(ours) != len(theirs):
            print(f"{name} {arguments}: we give {len(ours)} values, they {len(theirs)}")
            wrong += 1
            continue
        exact = None
        for place, (our, their) in enumerate(zip(ours, theirs)):
            compared += 1
            if not differs(our, their):
                continue
            if name in EXACT:
                exact = exact or EXACT[name](arguments, ours)
                if not differs(our, exact[place]):
                    off[name] = off.get(name, 0) + 1
                    continue
            wrong += 1
            print(f"{name} {arguments} [{place}]: ours {our!r}, theirs {their!r}, exact {exact and exact[place]}")
    print(f"compared {compared}, wrong {wrong}, packages off {json.dumps(off, sort_keys=True)}")


main()
