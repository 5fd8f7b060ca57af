"""What is bought together: the statement that counts baskets, whatever the baskets are.

It reads a table `baskets` (basket, product, days), which the shop fills from its orders and the measurement
(tests/measures/recommendations.py) from the receipts of a supermarket. `days` is how long ago the basket was.

The score of B beside A is `w(A, B) / (w(A) · w(B)^0.3) · w(A, B) / (w(A, B) + 5)`, where `w` sums the weights of the
baskets that hold them. It lies between how likely B is in a basket with A, which proposes best sellers to everybody,
and lift, which proposes rarities; the last factor trusts a pair the more, the more often it was seen. A basket weighs
half as much every twenty weeks, and the less, the more there is in it: one that holds half the shop says little.
"""

HALF_LIFE = 140
"""Days after which a basket weighs half."""
POPULARITY = 0.3
"""How much of a product's popularity is taken off it: 0 is how likely it is, 1 is lift."""
TRUST = 5
"""The weight of baskets at which a pair is believed by half."""
LARGEST = 100
"""A basket of more products than these is a wholesale order, and says nothing of pairs."""
KEPT = 30
"""How many neighbours a product keeps."""

TOGETHER_SQL = f"""
WITH sized AS (
    SELECT basket, product, days, count(*) OVER (PARTITION BY basket) AS size FROM baskets
), weighed AS MATERIALIZED (
    SELECT basket, product, size, power(0.5, greatest(days, 0) / {HALF_LIFE}.0) / ln(size + 1) AS weight FROM sized
), alone AS MATERIALIZED (
    SELECT product, sum(weight) AS weight FROM weighed GROUP BY product
), half AS (
    -- Each pair once: the other way round it weighs the same.
    SELECT a.product AS one, b.product AS two, sum(a.weight) AS weight
    FROM weighed a JOIN weighed b ON b.basket = a.basket AND b.product > a.product
    WHERE a.size <= {LARGEST}
    GROUP BY a.product, b.product HAVING count(*) >= :least
), pairs AS (
    SELECT one AS product, two AS other, weight FROM half UNION ALL SELECT two, one, weight FROM half
), scored AS (
    SELECT p.product, p.other, p.weight / (a.weight * power(b.weight, {POPULARITY})) * p.weight / (p.weight + {TRUST})
        AS score
    FROM pairs p JOIN alone a ON a.product = p.product JOIN alone b ON b.product = p.other
), ranked AS (
    SELECT product, other, score, row_number() OVER (PARTITION BY product ORDER BY score DESC, other) AS place
    FROM scored
)
SELECT product, array_agg(other ORDER BY place) AS others, array_agg(CAST(score AS real) ORDER BY place) AS scores
FROM ranked WHERE place <= {KEPT} GROUP BY product
"""  # noqa: S608
"""One row for each product that was ever bought with another; `:least` is how often a pair must be seen."""
