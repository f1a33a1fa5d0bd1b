select bench_bare();
