// data: linear
model.getFeatureCorrelationMatrix(nSamples = 2).shape
