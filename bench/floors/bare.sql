insert into bench_bare values (
    nextval('bench_position'), '00000000-0000-0000-0000-000000000001', gen_random_uuid(), 1,
    gen_random_uuid(), gen_random_uuid(), 'Happened', 1, now(), 'instant', now(),
    convert_to(repeat('x', 191), 'UTF8'), ''::bytea, convert_to(repeat('m', 122), 'UTF8'),
    decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 32), 'hex'));
