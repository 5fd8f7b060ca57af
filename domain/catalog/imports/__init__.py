"""Moving in: products out of the files of other shops, read as they are and told of exactly.

`reading` makes rows of a file, a format of `formats` makes drafts of rows, `stage` keeps the rows while that is done,
`plan` compares drafts with the shop, `apply` writes what is new, and `run` does it batch by batch.
"""
