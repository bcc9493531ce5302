// data: trained
model.getMarginalLl(nMcSamples = 20)
