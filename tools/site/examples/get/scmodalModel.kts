// data: paired
sc.tl.scmodal(mdata, links = mdata.uns["true_links"], trainingSteps = 20, batchSize = 100, nHidden = 32, nNeighbors = 10)
val model = sc.get.scmodalModel(mdata)
model.names()
