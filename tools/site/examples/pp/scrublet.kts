// data: counts
sc.pp.scrublet(adata, expectedDoubletRate = 0.06, verbose = false)
sc.pl.scrubletScoreDistribution(adata)
