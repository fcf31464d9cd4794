/** LSTM layers for models of TensorFlow.js, on the kernels of `lstm/`. */

export { fastLstm, registerFastLstm } from "./lstm_layer.ts";
