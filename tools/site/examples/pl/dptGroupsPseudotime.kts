// data: course
sc.tl.dpt(adata, nBranchings = 1)
sc.pl.dptGroupsPseudotime(adata)
