import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CardPage } from '@/components/card/CardPage';
import { IssuedCertificateWindow } from './IssuedCertificateWindow';
import { NewCertificateWindow } from './NewCertificateWindow';
import { taxCertificateQuery } from './queries';

const route = getRouteApi('/shell/tax-certificates/$id');

export function TaxCertificatePage(): ReactNode {
  const { id } = route.useParams();
  const { patient } = getRouteApi('/shell/tax-certificates').useSearch();
  const navigate = route.useNavigate();
  const leave = (saved: boolean) =>
    void navigate({
      to: '/tax-certificates',
      search: (now) => ({ ...now, patient: undefined }),
      ignoreBlocker: saved,
    });
  const openIssued = (issued: string) =>
    void navigate({
      to: '/tax-certificates/$id',
      params: { id: issued },
      search: (now) => ({ ...now, patient: undefined }),
      ignoreBlocker: true,
    });
  return (
    <CardPage id={id} query={taxCertificateQuery} title="Справка для налоговой" size={860} leave={leave}>
      {(certificate, leaving) =>
        certificate === null ? (
          <NewCertificateWindow patientId={patient} onIssued={openIssued} {...leaving} />
        ) : (
          <IssuedCertificateWindow certificate={certificate} {...leaving} />
        )
      }
    </CardPage>
  );
}
