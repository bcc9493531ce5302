// data: counts
sc.pp.recipeZheng17(adata, nTopGenes = 200)
adata
