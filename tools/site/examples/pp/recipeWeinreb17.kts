// data: counts
sc.pp.recipeWeinreb17(adata, nPcs = 10, cvThreshold = 0.5)
adata
