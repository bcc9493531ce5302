// data: labelled
model.getMarginalLl(nMcSamples = 20)
