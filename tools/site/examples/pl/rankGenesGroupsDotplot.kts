// data: clustered
sc.pl.rankGenesGroupsDotplot(adata, nGenes = 3)
