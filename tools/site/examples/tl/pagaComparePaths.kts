// data: course
val other = adata.copy()
sc.pp.neighbors(other, useRep = "X", nNeighbors = 10)
sc.tl.paga(other, groups = "cell_type")
sc.pl.paga(adata); sc.pl.paga(other)
sc.tl.pagaComparePaths(adata, other)
