// data: counts
sc.pp.scrublet(adata, verbose = false)
sc.pl.scrubletScoreDistribution(adata)
