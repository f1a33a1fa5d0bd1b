select message_store.write_message(
    gen_random_uuid()::varchar,
    'thing-' || gen_random_uuid(),
    'Happened',
    '{"text": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}'::jsonb,
    '{"actor": "nobody", "role": "none", "correlation": "00000000-0000-0000-0000-000000000000", "basis": "fact", "category": "Thing", "trace": "0123456789"}'::jsonb,
    -1);
