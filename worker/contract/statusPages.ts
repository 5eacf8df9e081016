export interface StatusPageView {
  id: string;
  slug: string;
  name: string;
  components: { monitorId: string; publicName: string | null }[];
  createdAt: string;
  updatedAt: string;
}
