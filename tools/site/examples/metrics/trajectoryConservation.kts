// data: course
adata.obsNamesMakeUnique()
val after = adata.copy()
sc.pp.neighbors(after, useRep = "X", nNeighbors = 10)
sc.tl.diffmap(after)
sc.tl.dpt(after)
sc.metrics.trajectoryConservation(adata, after)
