// data: clustered
sc.pl.rankGenesGroupsMatrixplot(adata, nGenes = 3)
