/**
 * TensorFlow: an engine that trains networks with it, and LSTM layers for models
 * of TensorFlow.js, on the kernels of `lstm/`.
 */

export { TensorFlowNetwork } from "./network.ts";
export { fastLstm, registerFastLstm } from "./lstm_layer.ts";
