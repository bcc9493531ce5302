// data: clustered
sc.tl.filterRankGenesGroups(adata, minFoldChange = 1.5)
sc.get.rankGenesGroupsDf(adata, group = "type_0", key = "rank_genes_groups_filtered").head()
