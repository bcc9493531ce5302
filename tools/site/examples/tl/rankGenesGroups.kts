// data: clustered
sc.tl.rankGenesGroups(adata, groupby = "leiden", method = "wilcoxon")
sc.get.rankGenesGroupsDf(adata, group = "0").head()
