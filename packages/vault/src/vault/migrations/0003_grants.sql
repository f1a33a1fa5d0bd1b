-- The powers of each service. referrals keeps each person for life: their names, addresses and
-- channels, the blind indexes by which a child is found again, and their shredding. The others get
-- names and addresses from it at the moment of use and may seal only what they write themselves.

insert into keyring.grants (role, power) values
    ('referrals_vault', 'identity'),
    ('referrals_vault', 'address'),
    ('referrals_vault', 'contact'),
    ('referrals_vault', 'health'),
    ('referrals_vault', 'narrative'),
    ('referrals_vault', 'birth-family'),
    ('referrals_vault', 'pre-adoption-link'),
    ('referrals_vault', '(index)'),
    ('referrals_vault', '(shred)'),
    ('casework_vault', 'identity'),
    ('casework_vault', 'contact'),
    ('casework_vault', 'health'),
    ('casework_vault', 'narrative'),
    ('casework_vault', 'birth-family'),
    ('groups_vault', 'health'),
    ('groups_vault', 'narrative'),
    ('notifications_vault', 'contact'),
    ('notifications_vault', 'address'),
    ('notifications_vault', 'narrative');
