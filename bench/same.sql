select bench_same();
