import { type DeletedSearch, deletedSearch } from '@/components/list/listSearch';

export type CertificatesSearch = DeletedSearch;

export const certificatesSearch: (search: Record<string, unknown>) => CertificatesSearch = deletedSearch;
