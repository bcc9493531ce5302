// data: counts
sc.pp.recipeSeurat(adata)
adata
