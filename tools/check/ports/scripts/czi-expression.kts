// A course's chapter on differential expression: one gene by hand, then all of them.
val adata = sc.read("data/brain_clusters.h5ad") //= sc
val raw = pd.DataFrame(data = adata.raw.X, index = adata.raw.obsNames, columns = adata.raw.varNames) //= py
val astrocyteMarker = "Gja1" //= py
val cluster2 = raw[adata.obs["louvain"] eq "2"] //= py
val notCluster2 = raw[adata.obs["louvain"] ne "2"] //= py
val cluster2MarkerExp = cluster2[astrocyteMarker] //= py
plt.hist(cluster2MarkerExp.values, bins = 100, color = "lightblue", alpha = 0.7, label = "Cluster 2") //= py
val notCluster2MarkerExp = notCluster2[astrocyteMarker] //= py
plt.hist(notCluster2MarkerExp, bins = 100, color = "gray", alpha = 0.7, label = "Not cluster 2") //= py
plt.ylim(0, 100) //= py
plt.xlabel("$astrocyteMarker expression") //= py
plt.ylabel("N cells") //= py
plt.legend() //= py
val ttest = ttestInd(cluster2MarkerExp, notCluster2MarkerExp, equalVar = false, nanPolicy = "omit") //= ext
println(ttest) //= ext
val variable1 = raw[adata.obs["louvain"] eq "0"] //= py
val variable2 = raw[adata.obs["louvain"] eq "1"] //= py
val ttest2 = ttestInd(variable1, variable2, equalVar = false, nanPolicy = "omit") //= ext
sc.tl.rankGenesGroups(
    adata, groupby = "cell_ontology_class", useRaw = true,
    method = "t-test_overestim_var", nGenes = 10,
) //= sc
sc.pl.rankGenesGroupsTracksplot(adata, groupby = "cell_ontology_class") //= sc
val markerGenes = mapOf(
    "astrocyte" to listOf("Aldh1l1", "Slc1a3", "Aqp4"),
    "oligodendrocyte" to listOf("Mog", "Mag"),
    "oligodendrocyte precursor cell" to listOf("Pdgfra", "Susd5", "Cspg4"),
    "endothelial cell" to listOf("Pecam1", "Cldn5", "Slco1c1", "Ocln"),
    "Bergmann glial cell" to listOf("Gdf10", "Vim", "Nbl1", "A2m"),
    "excitatory neuron" to listOf("Slc17a7", "Neurod6", "Mab21l1"),
    "inhibitory neuron" to listOf("Gad1", "Reln", "Calb1"),
    "brain pericyte" to listOf("Des", "Mcam", "Pdgfrb"),
) //= py
sc.pl.matrixplot(adata, markerGenes, groupby = "louvain", useRaw = false) //= sc
sc.help("pl.matrixplot") //d sc
