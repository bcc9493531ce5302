// data: clustered
sc.pl.rankGenesGroupsTracksplot(adata, nGenes = 2)
