-- Enquiries of an authority: codes and times, nothing sealed.
create table read.enquiries (
    tenant uuid not null,
    enquiry_id uuid not null,
    state text not null,
    channel text not null,
    kind text not null,
    -- Joined by commas.
    topics text not null,
    named boolean not null,
    safeguarding text not null,
    danger boolean not null,
    turned boolean not null,
    made_at timestamptz not null,
    close_reason text not null,
    primary key (tenant, enquiry_id)
);
create index enquiries_newest on read.enquiries (tenant, made_at desc, enquiry_id desc);
select es.protect('read.enquiries');

-- Drafts by owner.
create table read.drafts (
    tenant uuid not null,
    draft_id uuid not null,
    owner text not null,
    state text not null,
    enquiry_id uuid,
    saved_at timestamptz not null,
    expires_at timestamptz not null,
    warned boolean not null,
    primary key (tenant, draft_id)
);
create index drafts_own on read.drafts (tenant, owner, state, expires_at, draft_id);
select es.protect('read.drafts');
