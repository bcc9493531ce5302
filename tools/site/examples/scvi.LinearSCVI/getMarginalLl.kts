// data: linear
model.getMarginalLl(nMcSamples = 20)
